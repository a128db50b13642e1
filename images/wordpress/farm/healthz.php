<?php

/**
 * /healthz: whether this container can answer, and what it knows about the database and the cache.
 *
 * The status follows PHP alone. A pool without database or cache still serves what it can, and taking it out would only turn
 * a degraded farm into a dead one. The answer never waits: it tells what was seen last, and looks again after it is sent.
 */

declare(strict_types=1);

use WpFarm\CacheCluster;
use WpFarm\DatabaseConnection;
use WpFarm\Farm;

require '/usr/local/lib/wpfarm/autoload.php';

const SEEN = 'farm:health:seen';
const LOOKING = 'farm:health:looking';
const LOOK_EVERY_SECONDS = 2;
const FORGET_AFTER_SECONDS = 30;

$seen = apcu_fetch(SEEN) ?: ['writer' => 'unknown', 'reader' => 'unknown', 'cache' => 'unknown'];
if (CacheCluster::isDown()) {
    $seen['cache'] = 'down'; // a request has found out since
}
$draining = file_exists('/run/farm/draining');

http_response_code($draining ? 503 : 200);
header('Content-Type: application/json');
header('Cache-Control: no-store');
echo json_encode([
    'status' => match (true) {
        $draining => 'draining',
        in_array('down', $seen, true) => 'degraded',
        default => 'ok',
    },
    'php' => 'ok',
    'database' => ['writer' => $seen['writer'], 'reader' => $seen['reader']],
    'cache' => $seen['cache'],
], JSON_THROW_ON_ERROR), "\n";
fastcgi_finish_request();

if (apcu_add(LOOKING, 1, LOOK_EVERY_SECONDS)) {
    $farm = Farm::current();
    apcu_store(SEEN, [
        'writer' => database_answers($farm, $farm->databaseWriter()),
        'reader' => database_answers($farm, $farm->databaseReader()),
        'cache' => match (true) {
            $farm->redis() === [] => 'none',
            CacheCluster::look($farm->redis()) => 'ok',
            default => 'down',
        },
    ], FORGET_AFTER_SECONDS);
}

/**
 * A whole login, as any site: connections that only read the greeting count as errors on the server, which blocks a host that
 * makes too many of them. A server that refuses the login has answered.
 */
function database_answers(Farm $farm, string $server): string
{
    $site = $farm->sites()[0] ?? null;
    if ($site === null) {
        return 'unknown';
    }
    mysqli_report(MYSQLI_REPORT_OFF);
    $database = DatabaseConnection::open($server, $site->user, $site->databasePassword(), patience: 1, silence: 1);

    // 2000 to 2999 are the client's own errors: it got no answer.
    return intdiv($database->connect_errno, 1000) !== 2 ? 'ok' : 'down';
}
