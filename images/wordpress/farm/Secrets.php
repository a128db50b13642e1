<?php

declare(strict_types=1);

namespace WpFarm;

/** Secrets are files. They never pass through the environment, an argument or a log. */
final class Secrets
{
    public static function read(string $name): string
    {
        $path = "/run/secrets/$name";
        $secret = is_readable($path) ? trim((string) file_get_contents($path)) : '';
        if ($secret === '') {
            throw new \RuntimeException("the secret $path is missing, empty or not readable by uid " . posix_geteuid());
        }

        return $secret;
    }
}
