<?php

declare(strict_types=1);

namespace WpFarm;

/** How much PHP of the sites has to do. A connection to a socket of php-fpm is one request, from when nginx sends it to its answer. */
final class Workers
{
    /** Columns as in net/unix/af_unix.c: …, flags (none: it does not listen), type (stream), state, inode, path. A connection that php-fpm
     * has not accepted yet has state 02. */
    private const CONNECTION = '#^\S+ \S+ \S+ 00000000 0001 0[23] +\d+ /run/farm/php/\d+\.sock$#m';

    /** The requests that PHP works on or that wait for it, in this container, of all sites. */
    public static function requests(?string $sockets = null): int
    {
        return preg_match_all(self::CONNECTION, $sockets ?? (string) file_get_contents('/proc/net/unix'));
    }
}
