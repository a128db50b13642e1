<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The Unix users of the sites. A slot is a number that a site has for life. It is the id of the user, and of the group, that the site's
 * PHP runs as: what one site may read, another may not. The folder of a site's uploads belongs to that user, and so tells every container
 * on every node which one it is.
 */
final class Slots
{
    public const FIRST = 20001;
    public const COUNT = 1000;

    /** All sites of the scratch container run as this user: they have no uploads and one password. */
    public const SCRATCH = 20000;

    /** Debian's nobody: sites without a slot. */
    public const NONE = 65534;

    /** Debian's www-data. nginx and the backup read the uploads as this group. */
    public const READERS = 33;

    private const UPLOADS = '/srv/uploads';

    public static function isSlot(int $user): bool
    {
        return $user >= self::FIRST && $user < self::FIRST + self::COUNT;
    }

    /** The slot of a site; null when the install job has not given it one yet. */
    public static function of(Site $site): ?int
    {
        clearstatcache();
        $folder = self::folder($site);
        $owner = is_dir($folder) ? (int) fileowner($folder) : 0;

        return self::isSlot($owner) ? $owner : null;
    }

    /**
     * Gives each of these sites a slot that no other has, and makes its uploads the slot's: those of a site that is new, that comes from a
     * farm without slots, or whose files were restored with the slot of another. Only the install job may
     * call it, and one at a time.
     *
     * @param list<Site> $sites all sites of the farm
     * @throws \RuntimeException the farm has no slot left
     */
    public static function allot(array $sites): void
    {
        // The volume may come from a farm in which it belonged to www-data.
        self::change(self::UPLOADS, 0, 0711);

        // A folder without a site keeps its slot: the site may come back.
        $owners = [];
        foreach (glob(self::UPLOADS . '/*', GLOB_ONLYDIR) as $folder) {
            $owners[$folder] = (int) fileowner($folder);
        }
        $taken = array_flip(array_filter($owners, self::isSlot(...)));
        foreach ($sites as $site) {
            $folder = self::folder($site);
            $slot = $owners[$folder] ?? 0;
            if (($taken[$slot] ?? null) === $folder) {
                continue;
            }
            $slot = self::free($taken);
            $taken[$slot] = $folder;
            self::give($folder, $slot);
        }
    }

    /** @param array<int, string> $taken folder by slot */
    private static function free(array $taken): int
    {
        for ($slot = self::FIRST; $slot < self::FIRST + self::COUNT; ++$slot) {
            if (!isset($taken[$slot])) {
                return $slot;
            }
        }

        throw new \RuntimeException(sprintf(
            'the farm has no Unix user left: each of its %d belongs to a folder of %s. Remove the folders of sites that are gone',
            self::COUNT,
            self::UPLOADS,
        ));
    }

    /** The folder itself comes last: until all its files are the slot's, the site is not served, and an interrupted run begins again. */
    private static function give(string $folder, int $slot): void
    {
        if (!is_dir($folder)) {
            mkdir($folder, 0700);
        }
        $files = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator($folder, \FilesystemIterator::SKIP_DOTS),
            \RecursiveIteratorIterator::CHILD_FIRST,
        );
        foreach ($files as $file) {
            if ($file->isLink()) {
                lchown($file->getPathname(), $slot);
                lchgrp($file->getPathname(), self::READERS);
            } else {
                self::change($file->getPathname(), $slot, $file->isDir() ? 02750 : 0640);
            }
        }
        self::change($folder, $slot, 02750);
    }

    /** New files in a folder with the bit setgid get its group. */
    private static function change(string $path, int $owner, int $mode): void
    {
        if (!chown($path, $owner) || !chgrp($path, self::READERS) || !chmod($path, $mode)) {
            throw new \RuntimeException("$path cannot be given to user $owner: " . (error_get_last()['message'] ?? 'unknown'));
        }
    }

    private static function folder(Site $site): string
    {
        return self::UPLOADS . "/$site->id";
    }
}
