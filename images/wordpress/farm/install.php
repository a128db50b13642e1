<?php

/**
 * The install job: gives every site of the farm a database, a user and an installed WordPress. Each run does only what is missing, and
 * does not touch sites that are installed already.
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
