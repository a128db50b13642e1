<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Connects to a door of the database, encrypted: the servers let nobody in otherwise. Whose certificate it is cannot be checked here:
 * mysqlnd knows authorities only, not MariaDB's proof by the password.
 */
final class DatabaseConnection
{
    public const FLAGS = MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT;

    /**
     * @param string $door host:port
     * @param int $patience seconds until it is connected
     * @param ?int $silence seconds that the server may take for an answer; null: as long as it takes
     * @param ?string $first a statement for the connection to begin with; without its success there is no connection
     * @return \mysqli connected, or, when errors are not exceptions, with its connect_errno set
     */
    public static function open(string $door, string $user, #[\SensitiveParameter] string $password, ?string $database = null, int $patience = 3, ?int $silence = null, ?string $first = null): \mysqli
    {
        [$host, $port] = explode(':', $door);
        $connection = mysqli_init();
        $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, $patience);
        if ($silence !== null) {
            $connection->options(MYSQLI_OPT_READ_TIMEOUT, $silence);
        }
        $connection->options(MYSQLI_SET_CHARSET_NAME, 'utf8mb4');
        if ($first !== null) {
            $connection->options(MYSQLI_INIT_COMMAND, $first);
        }
        // What goes wrong is told by the answer; the warning that comes with it would be in the log for every try.
        @$connection->real_connect($host, $user, $password, $database, (int) $port, null, self::FLAGS);

        return $connection;
    }
}
