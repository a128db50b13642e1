<?php

/**
 * Prepares this container for its sites: php-fpm's pools, one for each slot, and each site's folder. The container's own script calls it
 * at the start, and whenever farm.json, a key or the owner of a site's uploads has changed.
 */

declare(strict_types=1);

use WpFarm\Farm;
use WpFarm\SiteFolder;
use WpFarm\Slots;

require __DIR__ . '/autoload.php';

const POOLS = '/run/farm/pools.conf';
const TEMPLATE = '/etc/php/farm/pool.conf';

if (!file_exists(POOLS) && file_exists(TEMPLATE)) {
    // Without comments: php-fpm reads its configuration a byte at a time, and this is most of it.
    $template = preg_replace('/^;.*\n|^\n/m', '', file_get_contents(TEMPLATE));
    $users = Farm::current()->isScratch() ? [Slots::SCRATCH] : range(Slots::FIRST, Slots::FIRST + Slots::COUNT - 1);
    $pools = array_map(static fn (int $user): string => strtr($template, ['{name}' => $user, '{user}' => $user]), $users);
    $pools[] = strtr($template, ['{name}' => 'none', '{user}' => Slots::NONE]);
    file_put_contents(POOLS, implode("\n", $pools));
}
printf("%d of %d sites have a Unix user\n", SiteFolder::prepareAll(Farm::current()), count(Farm::current()->sites()));
