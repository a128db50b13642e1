<?php

/**
 * POST /.farm/forget: clears all caches of this site; with "X-Farm-Path: /a/page/", only the cached copies of that page. The Orchestrator
 * calls it after it has replaced the site's data without WordPress. WordPress is not loaded, because it would read the cached objects
 * first. The order can be repeated. HAProxy removes the header "X-Farm-Order" from visitors' requests.
 */

declare(strict_types=1);

use WpFarm\BanList;
use WpFarm\CacheCluster;
use WpFarm\DatabaseConnection;
use WpFarm\Farm;
use WpFarm\MemcachedClient;
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

// The pages come last: a page that is rendered in the meantime is rendered from the new data.
$problems = [];
$page = $_SERVER['HTTP_X_FARM_PATH'] ?? null;
$bans = new BanList();
$page === null ? $bans->addWholeSite() : $bans->addPage($page);
if ($page === null && $farm->redis() !== [] && !(new ObjectCache($site->id, new CacheCluster($farm->redis())))->flush()) {
    $problems[] = 'Redis does not answer';
}
if ($page === null && $farm->queryCache()) {
    $database = DatabaseConnection::open($farm->databaseWriter(), $site->user, $site->databasePassword(), $site->database);
    $tables = array_column($database->query('SHOW TABLES')->fetch_all(), 0);
    if (!(new QueryCache(MemcachedClient::forServers($farm->memcached()), $site->id))->invalidate($tables)) {
        $problems[] = 'Memcached does not answer';
    }
}
if ($farm->varnish() !== '' && !Varnish::ban($farm->varnish(), $site->hosts, $bans)) {
    $problems[] = 'not every Varnish has accepted the ban';
}

http_response_code($problems === [] ? 200 : 503);
echo implode('; ', $problems) ?: 'forgotten', "\n";
