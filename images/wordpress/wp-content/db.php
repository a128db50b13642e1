<?php

/**
 * Drop-in: WordPress's database on the farm's two doors, with chosen results in Memcached; or on restored data.
 *
 * @see WpFarm\Database
 * @see WpFarm\NotInstalled
 * @see WpFarm\Scratch
 */

declare(strict_types=1);

use WpFarm\Database;
use WpFarm\Farm;
use WpFarm\LastWrite;
use WpFarm\Memory;
use WpFarm\NotInstalled;
use WpFarm\QueryCache;
use WpFarm\Scratch;

NotInstalled::answerInsteadOfWordPress();

$wpdb = (static function (): wpdb {
    $farm = Farm::current();
    if ($farm->isScratch()) {
        return Scratch::database($farm->site(FARM_SITE), $farm->databaseReader());
    }
    $memory = Memory::of($farm->memcached());

    return new Database(
        $farm->site(FARM_SITE),
        ['writer' => $farm->databaseWriter(), 'reader' => $farm->databaseReader()],
        new LastWrite($memory, FARM_SITE),
        $farm->queryCache() ? new QueryCache($memory, FARM_SITE) : null,
    );
})();
