<?php

/**
 * PHP of a site that wants what is another's: with SITE and USER, the id and the Unix user of its victim. It prints what it got, a line
 * each. Given its own site, everything but what is the container's is allowed: the attempts can succeed.
 */

error_reporting(0);

$attempts = [
    'reads the secrets' => static fn () => file_get_contents('/run/farm/sites/' . SITE . '/secrets'),
    'lists the uploads' => static fn () => scandir('/srv/uploads/' . SITE),
    'writes an upload' => static fn () => file_put_contents('/srv/uploads/' . SITE . '/hostile.txt', 'mine'),
    'lists the temporary files' => static fn () => scandir('/tmp/' . USER),
    'logs in to the database' => static function () {
        $farm = WpFarm\Farm::current();
        mysqli_report(MYSQLI_REPORT_OFF);
        $password = $farm->site(FARM_SITE)->databasePassword();
        $database = WpFarm\DatabaseConnection::open($farm->databaseWriter(), $farm->site(SITE)->user, $password);

        return $database->connect_errno === 0 && $database->query('SELECT 1') !== false;
    },
    'enters the database' => static function () {
        $farm = WpFarm\Farm::current();
        mysqli_report(MYSQLI_REPORT_OFF);
        $own = $farm->site(FARM_SITE);

        return WpFarm\DatabaseConnection::open($farm->databaseWriter(), $own->user, $own->databasePassword())
            ->select_db($farm->site(SITE)->database);
    },
    'lists the keys' => static fn () => scandir('/run/keys'),
    'reads a key' => static fn () => file_get_contents('/run/keys/sites-key'),
    'opens a socket of php-fpm' => static fn () => array_filter(
        glob('/run/farm/php/*.sock'),
        static fn (string $socket) => stream_socket_client("unix://$socket", timeout: 1),
    ),
    'reads another process' => static fn () => array_filter(
        glob('/proc/[0-9]*', GLOB_ONLYDIR),
        static fn (string $process) => fileowner($process) !== posix_geteuid()
            && (fopen("$process/mem", 'r') || file_get_contents("$process/environ") || scandir("$process/fd")),
    ),
    'ends another process' => static fn () => array_filter(
        glob('/proc/[0-9]*', GLOB_ONLYDIR),
        static fn (string $process) => fileowner($process) !== posix_geteuid() && posix_kill((int) basename($process), 0),
    ),
    'drains the container' => static fn () => touch('/run/farm/draining'),
    'writes code' => static fn () => array_filter(
        [ABSPATH, WP_CONTENT_DIR, '/usr/local/lib/wpfarm', '/etc/farm', '/etc/php/farm', '/run/farm/sites', '/run/farm/php'],
        static fn (string $folder) => touch("$folder/hostile.php"),
    ),
    'becomes another' => static fn () => posix_setuid(USER === posix_geteuid() ? 0 : USER) || posix_setuid(0),
    'asks the engine' => static fn () => fsockopen('engine-proxy', 2375, timeout: 1),
    'asks the metadata service' => static fn () => fsockopen('169.254.169.254', 80, timeout: 1),
];

foreach ($attempts as $name => $attempt) {
    $got = $attempt();
    if ($got !== false && $got !== [] && $got !== null) {
        echo "$name\n";
    }
}
