<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress in front of restored data: it shows pages, and does nothing else. Its networks and its one password keep it from reaching the
 * live farm and from changing the restored data. The code here keeps it from trying.
 */
final class Scratch
{
    /** The secret that replaces those of the sites: this container has no key of the live sites. */
    public const SECRET = 'mariadb-scratch-password';

    /** Refuses every request but those for pages. Call it before WordPress is loaded. */
    public static function allowPagesOnly(Site $site): void
    {
        // Refuses cron, logins, the administration and comments.
        if (!in_array($_SERVER['REQUEST_METHOD'], ['GET', 'HEAD'], true) || $_SERVER['SCRIPT_NAME'] !== '/index.php') {
            // wp-cron.php sends its answer before it loads WordPress.
            if (!headers_sent()) {
                http_response_code(404);
            }
            exit("Only pages are shown here\n");
        }
        // Requests come from inside the farm, without TLS. WordPress would redirect them to the visitors' https address.
        if (parse_url($site->url, PHP_URL_SCHEME) === 'https') {
            $_SERVER['HTTPS'] = 'on';
        }
        // The handler would write to the database and mail the administrator. Here an error is a 500 and a line in the log.
        define('WP_DISABLE_FATAL_ERROR_HANDLER', true);
    }

    public static function database(Site $site, string $listener): \wpdb
    {
        // The server refuses writes anyway. Dropped here, they do not fill the log.
        $isWrite = static fn (string $query): bool => preg_match('/^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i', $query) === 1;
        add_filter('query', static fn (string $query): string => $isWrite($query) ? '' : $query);
        add_filter('pre_wp_mail', '__return_false');
        add_filter('pre_http_request', static fn (): \WP_Error => new \WP_Error('farm_scratch', 'A restored site makes no requests.'));

        $database = new \wpdb($site->user, $site->databasePassword(), $site->database, $listener);
        // WordPress would redirect to its installer.
        if ($database->ready && $database->get_var("SHOW TABLES LIKE 'wp\_options'") === null) {
            dead_db();
        }

        return $database;
    }
}
