<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Secrets are files. They never pass through the environment, an argument or a log. While one is changed, its file has a line more: the
 * first is what is used, whoever checks accepts each.
 */
final class Secrets
{
    public static function read(string $name): string
    {
        return self::accepted($name)[0];
    }

    /** @return non-empty-list<string> */
    public static function accepted(string $name): array
    {
        $path = "/run/secrets/$name";
        $secret = is_readable($path) ? trim((string) file_get_contents($path)) : '';
        if ($secret === '') {
            throw new \RuntimeException("the secret $path is missing, empty or not readable by uid " . posix_geteuid());
        }

        return explode("\n", $secret);
    }
}
