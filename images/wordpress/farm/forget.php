<?php

/**
 * POST /.farm/forget: nothing of this site that was kept before is served again; with "X-Farm-Path: /a/page/", that page alone. For when its
 * data was replaced behind WordPress' back, which is not loaded: what it would read first is what is to be forgotten. Can be repeated. HAProxy
 * lets visitors not say "X-Farm-Order".
 */

declare(strict_types=1);

use WpFarm\BanList;
use WpFarm\CacheCluster;
use WpFarm\DatabaseConnection;
use WpFarm\Farm;
use WpFarm\Memory;
use WpFarm\ObjectCache;
use WpFarm\QueryCache;
use WpFarm\Varnish;

require '/usr/local/lib/wpfarm/autoload.php';

header('Content-Type: text/plain');
header('Cache-Control: no-store');
$farm = Farm::current();
$site = $farm->siteOfHost($_SERVER['SERVER_NAME'] ?? '');
if ($site === null || $farm->isScratch() || $_SERVER['REQUEST_METHOD'] !== 'POST' || ($_SERVER['HTTP_X_FARM_ORDER'] ?? '') !== 'forget') {
    http_response_code(404);
    exit("Not found\n");
}

// Pages last: one that is made meanwhile is made of what is new.
$problems = [];
$page = $_SERVER['HTTP_X_FARM_PATH'] ?? null;
$pages = new BanList();
$page === null ? $pages->everything() : $pages->page($page);
if ($page === null && $farm->redis() !== [] && !(new ObjectCache($site->id, new CacheCluster($farm->redis())))->flush()) {
    $problems[] = 'Redis does not answer';
}
if ($page === null && $farm->queryCache()) {
    $database = DatabaseConnection::open($farm->databaseWriter(), $site->user, $site->databasePassword(), $site->database);
    $tables = array_column($database->query('SHOW TABLES')->fetch_all(), 0);
    if (!(new QueryCache(Memory::of($farm->memcached()), $site->id))->forget($tables)) {
        $problems[] = 'Memcached does not answer';
    }
}
if ($farm->varnish() !== '' && !Varnish::ban($farm->varnish(), $site->hosts, $pages)) {
    $problems[] = 'not every Varnish has forgotten its pages';
}

http_response_code($problems === [] ? 200 : 503);
echo implode('; ', $problems) ?: 'forgotten', "\n";
