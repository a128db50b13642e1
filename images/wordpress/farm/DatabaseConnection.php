<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Connects to a listener of the database proxy, with TLS: the servers refuse connections without. PHP cannot check the server's
 * certificate, because mysqlnd knows certificate authorities only, and not MariaDB's proof by the password.
 */
final class DatabaseConnection
{
    public const FLAGS = MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT;

    /**
     * @param string $listener host:port
     * @param int $connectSeconds how long connecting may take
     * @param ?int $readSeconds how long the server may take for an answer; null: no limit
     * @param ?string $initCommand a statement that the connection begins with; when it fails, there is no connection
     * @return \mysqli connected, or, when errors are not exceptions, with its connect_errno set
     */
    public static function open(
        string $listener,
        string $user,
        #[\SensitiveParameter] string $password,
        ?string $database = null,
        int $connectSeconds = 3,
        ?int $readSeconds = null,
        ?string $initCommand = null,
    ): \mysqli {
        [$host, $port] = explode(':', $listener);
        $connection = mysqli_init();
        $connection->options(MYSQLI_OPT_CONNECT_TIMEOUT, $connectSeconds);
        if ($readSeconds !== null) {
            $connection->options(MYSQLI_OPT_READ_TIMEOUT, $readSeconds);
        }
        $connection->options(MYSQLI_SET_CHARSET_NAME, 'utf8mb4');
        if ($initCommand !== null) {
            $connection->options(MYSQLI_INIT_COMMAND, $initCommand);
        }
        // The caller reads connect_errno. PHP's warning would be in the log for every attempt.
        @$connection->real_connect($host, $user, $password, $database, (int) $port, null, self::FLAGS);

        return $connection;
    }
}
