<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Reads the farm's keys from files, which PHP of a site cannot read. A secret never passes through the environment, an argument or a log.
 * During a rotation a file has two lines: clients use the first value, servers accept both.
 */
final class Secrets
{
    private const FOLDER = '/run/keys';

    public static function has(string $name): bool
    {
        return file_exists(self::FOLDER . "/$name");
    }

    public static function read(string $name): string
    {
        return self::accepted($name)[0];
    }

    /** @return non-empty-list<string> every value that a server must accept */
    public static function accepted(string $name): array
    {
        $path = self::FOLDER . "/$name";
        $secret = is_readable($path) ? trim((string) file_get_contents($path)) : '';
        if ($secret === '') {
            throw new \RuntimeException("the secret $path is missing, empty or not readable by uid " . posix_geteuid());
        }

        return explode("\n", $secret);
    }
}
