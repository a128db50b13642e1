<?php

/**
 * Drop-in: connects WordPress to the writer and the reader listener of the database proxy, and caches results of chosen queries in
 * Memcached. In the scratch container it connects to the restored data.
 *
 * @see WpFarm\Database
 * @see WpFarm\NotInstalledPage
 * @see WpFarm\Scratch
 */

declare(strict_types=1);

use WpFarm\Database;
use WpFarm\Farm;
use WpFarm\LastWrite;
use WpFarm\MemcachedClient;
use WpFarm\NotInstalledPage;
use WpFarm\QueryCache;
use WpFarm\Scratch;

NotInstalledPage::replaceInstaller();

$wpdb = (static function (): wpdb {
    $farm = Farm::current();
    if ($farm->isScratch()) {
        return Scratch::database($farm->site(FARM_SITE), $farm->databaseReader());
    }
    $memcached = MemcachedClient::forServers($farm->memcached());

    return new Database(
        $farm->site(FARM_SITE),
        ['writer' => $farm->databaseWriter(), 'reader' => $farm->databaseReader()],
        new LastWrite($memcached, FARM_SITE),
        $farm->queryCache() ? new QueryCache($memcached, FARM_SITE) : null,
    );
})();
