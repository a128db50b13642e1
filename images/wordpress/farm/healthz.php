<?php

/**
 * /healthz: whether this container can answer, and the state of the database and the cache.
 *
 * The HTTP status depends on PHP alone. A pool without database or cache still serves what it can; to take it out of the balancer would
 * turn a degraded farm into a dead one. The answer never waits: it reports the last result, and checks again after it is sent.
 */

declare(strict_types=1);

use WpFarm\CacheCluster;
use WpFarm\DatabaseConnection;
use WpFarm\Farm;

require '/usr/local/lib/wpfarm/autoload.php';

const RESULT_KEY = 'farm:health:seen';
const CHECKING_KEY = 'farm:health:looking';
const CHECK_EVERY_SECONDS = 2;
const FORGET_AFTER_SECONDS = 30;

$result = apcu_fetch(RESULT_KEY) ?: ['writer' => 'unknown', 'reader' => 'unknown', 'cache' => 'unknown'];
if (CacheCluster::isDown()) {
    $result['cache'] = 'down'; // a request has found that since the last check
}
$draining = file_exists('/run/farm/draining');

http_response_code($draining ? 503 : 200);
header('Content-Type: application/json');
header('Cache-Control: no-store');
echo json_encode([
    'status' => match (true) {
        $draining => 'draining',
        in_array('down', $result, true) => 'degraded',
        default => 'ok',
    },
    'php' => 'ok',
    'database' => ['writer' => $result['writer'], 'reader' => $result['reader']],
    'cache' => $result['cache'],
], JSON_THROW_ON_ERROR), "\n";
fastcgi_finish_request();

if (apcu_add(CHECKING_KEY, 1, CHECK_EVERY_SECONDS)) {
    $farm = Farm::current();
    apcu_store(RESULT_KEY, [
        'writer' => check_database($farm, $farm->databaseWriter()),
        'reader' => check_database($farm, $farm->databaseReader()),
        'cache' => match (true) {
            $farm->redis() === [] => 'none',
            CacheCluster::check($farm->redis()) => 'ok',
            default => 'down',
        },
    ], FORGET_AFTER_SECONDS);
}

/**
 * Logs in as one of the sites. A connection that only reads the greeting would count as an error on the server, which blocks a host with
 * too many of them. A server that refuses the login has answered.
 */
function check_database(Farm $farm, string $listener): string
{
    $site = $farm->sites()[0] ?? null;
    if ($site === null || !$site->isReady()) {
        return 'unknown';
    }
    mysqli_report(MYSQLI_REPORT_OFF);
    $database = DatabaseConnection::open($listener, $site->user, $site->databasePassword(), connectSeconds: 1, readSeconds: 1);

    // 2000 to 2999 are the client library's errors: the server did not answer.
    return intdiv($database->connect_errno, 1000) !== 2 ? 'ok' : 'down';
}
