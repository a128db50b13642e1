<?php

/**
 * The install job: afterwards every site of the farm has its database, its user and WordPress in it. Run again, it does only
 * what is missing; sites that are there are not touched.
 */

declare(strict_types=1);

use WpFarm\Farm;
use WpFarm\Installation;

require __DIR__ . '/autoload.php';

try {
    $farm = Farm::current();
    $installation = new Installation($farm);
    $installation->waitForWriter();
    exit($installation->run($farm->sites()) ? 0 : 1);
} catch (RuntimeException $problem) {
    fwrite(STDERR, "install: {$problem->getMessage()}\n");
    exit(1);
}
