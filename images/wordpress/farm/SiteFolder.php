<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * What a container keeps for each of its sites, in memory: /run/farm/sites/ID has the site's secrets, and the socket of its php-fpm pool,
 * which only nginx may open.
 */
final class SiteFolder
{
    private const ROOT = '/run/farm/sites';
    private const POOLS = '/run/farm/php';

    /** The group of the farm's own PHP: health, metrics, orders of the Orchestrator. */
    private const OPERATIONS = 'farm-ops';

    public static function of(string $site): string
    {
        return self::ROOT . "/$site";
    }

    /** Where a site's PHP puts files that it needs during a request. */
    public static function temporary(int $user): string
    {
        return "/tmp/$user";
    }

    /**
     * Makes the folders agree with farm.json, the slots and the keys. It can be repeated. Only root can do it.
     *
     * @return int the sites that have a slot
     */
    public static function prepareAll(Farm $farm): int
    {
        $ready = 0;
        $sites = $farm->sites();
        foreach ($sites as $site) {
            $slot = $farm->isScratch() ? Slots::SCRATCH : Slots::of($site);
            self::prepare($farm, $site->id, $slot);
            $ready += $slot === null ? 0 : 1;
        }
        $ids = array_column($sites, 'id');
        foreach (glob(self::ROOT . '/*', GLOB_ONLYDIR) as $folder) {
            if (!in_array(basename($folder), $ids, true)) {
                array_map(unlink(...), glob("$folder/*"));
                rmdir($folder);
            }
        }

        return $ready;
    }

    private static function prepare(Farm $farm, string $site, ?int $slot): void
    {
        $folder = self::of($site);
        if (!is_dir($folder)) {
            mkdir($folder, 0755, recursive: true);
        }
        if ($slot === null) {
            @unlink("$folder/secrets");
            self::link('none', $folder);

            return;
        }
        $temporary = self::temporary($slot);
        if (!is_dir($temporary)) {
            mkdir($temporary, 0700);
            chown($temporary, $slot);
            chgrp($temporary, $slot);
        }
        // It is complete, and its reader's alone, before it has its name.
        $new = "$folder/.secrets";
        @unlink($new);
        $mask = umask(0377);
        file_put_contents($new, json_encode(SiteSecrets::derive($farm, $site), JSON_THROW_ON_ERROR));
        umask($mask);
        chmod($new, 0440);
        chgrp($new, self::OPERATIONS);
        chown($new, $slot);
        rename($new, "$folder/secrets");
        self::link((string) $slot, $folder);
    }

    private static function link(string $pool, string $folder): void
    {
        $target = self::POOLS . "/$pool.sock";
        if (@readlink("$folder/php.sock") !== $target) {
            @unlink("$folder/.php.sock");
            symlink($target, "$folder/.php.sock");
            rename("$folder/.php.sock", "$folder/php.sock");
        }
    }
}
