<?php

declare(strict_types=1);

namespace WpFarm;

/** Creates the sites' databases on the writer, and reports their state. */
final class SiteDatabases
{
    /**
     * A table that exists in a site's database while WordPress is being installed there. A database with this table holds nothing worth
     * keeping; a database without it is never emptied, wherever its tables come from.
     */
    public const UNFINISHED = 'farm_install_unfinished';

    private const ADMIN = 'sites_admin';

    /** What WordPress and its plugins need. */
    private const PRIVILEGES = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, LOCK TABLES, '
        . 'CREATE TEMPORARY TABLES';

    private ?\mysqli $admin = null;

    public function __construct(private readonly string $server)
    {
        mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    }

    /** The reason why the server takes no writes; null when it does. */
    public function whyNotWritable(): ?string
    {
        try {
            $readOnly = $this->admin()->query('SELECT @@global.read_only')->fetch_column();

            return $readOnly ? "$this->server is read-only" : null;
        } catch (\mysqli_sql_exception $problem) {
            $this->admin = null;

            return "$this->server: {$problem->getMessage()}";
        }
    }

    /** Logs in as the site does, so that its user and password are checked too. */
    public function state(Site $site): SiteState
    {
        try {
            $database = $this->connect($site->user, $site->databasePassword(), $site->database);
            // ProxySQL accepts a login that it knows without asking the server. This statement asks the server.
            $tables = array_column($database->query('SHOW TABLES')->fetch_all(), 0);
        } catch (\mysqli_sql_exception) {
            return SiteState::Unreachable;
        }
        if ($tables === [] || in_array(self::UNFINISHED, $tables, true)) {
            return SiteState::Missing;
        }
        if (!in_array('wp_options', $tables, true)) {
            return SiteState::Foreign;
        }
        $version = (int) $database->query("SELECT option_value FROM wp_options WHERE option_name = 'db_version'")->fetch_column();

        return $version < self::imageVersion() ? SiteState::Outdated : SiteState::Ready;
    }

    /** Keeps an existing database. Sets the user's privileges and passwords, so a changed key takes effect with the next run. */
    public function create(Site $site): void
    {
        $admin = $this->admin();
        $database = self::identifier($site->database);
        // In a GRANT, the name of a database is a pattern: without the escapes, the user of wp_blog could enter wpxblog.
        $pattern = self::identifier(addcslashes($site->database, '_%\\'));
        $user = sprintf("'%s'@'%%'", $admin->real_escape_string($site->user));
        // Hashes, because the binary log contains the statement.
        $hash = static fn (string $password): string => strtoupper(sha1(sha1($password, binary: true)));
        $accepted = array_map(
            static fn (string $password): string => sprintf("mysql_native_password USING '*%s'", $hash($password)),
            $site->acceptedDatabasePasswords(),
        );

        $admin->query("CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci");
        $admin->query("CREATE USER IF NOT EXISTS $user");
        $admin->query("ALTER USER $user IDENTIFIED VIA " . implode(' OR ', $accepted));
        $admin->query('GRANT ' . self::PRIVILEGES . " ON $pattern.* TO $user");
    }

    /**
     * @param list<Site> $sites all sites of the farm
     * @return list<string> databases of sites that the farm no longer has. What an import puts aside, or has not finished, is no site's.
     */
    public function withoutSite(array $sites): array
    {
        $databases = array_column($this->admin()->query("SHOW DATABASES LIKE 'wp\\_%'")->fetch_all(), 0);
        $left = array_diff($databases, array_map(static fn (Site $site): string => $site->database, $sites));

        return array_values(array_filter($left, static fn (string $name): bool => !preg_match('/__(?:aside_\d{14}|import)$/D', $name)));
    }

    private function admin(): \mysqli
    {
        return $this->admin ??= $this->connect(self::ADMIN, Secrets::read('mariadb-sites-password'), null);
    }

    private function connect(string $user, string $password, ?string $database): \mysqli
    {
        return DatabaseConnection::open($this->server, $user, $password, $database);
    }

    private static function identifier(string $name): string
    {
        return '`' . str_replace('`', '``', $name) . '`';
    }

    /** The version of the tables that the WordPress of this image needs. */
    private static function imageVersion(): int
    {
        static $version = null;

        return $version ??= (static function (): int {
            require '/usr/share/wordpress/wp-includes/version.php';

            return $wp_db_version;
        })();
    }
}
