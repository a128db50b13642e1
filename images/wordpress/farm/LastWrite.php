<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Where a site's last write is, for all its requests on all containers: until a replica has it, it must not be asked. Otherwise a page
 * that was purged, or an object that was invalidated, would be made again from the old rows, and kept.
 */
final class LastWrite
{
    /** A request writes just now, or it is not known. */
    public const UNKNOWN = '?';

    /** Seconds. The proxy asks no replica that is further behind (role-check: MAX_LAG). */
    private const TTL = 11;

    private readonly string $key;

    public function __construct(private readonly \Memcached $memcached, string $site)
    {
        $this->key = "$site:last-write";
    }

    public function begins(): void
    {
        $this->memcached->set($this->key, self::UNKNOWN, self::TTL);
    }

    /** @param string $gtid of the last transaction of the request */
    public function isAt(string $gtid): void
    {
        $this->memcached->set($this->key, $gtid, self::TTL);
    }

    /** A GTID that a reader must have; null when any will do. */
    public function position(): ?string
    {
        $position = $this->memcached->get($this->key);
        if ($position !== false) {
            return (string) $position;
        }

        return $this->memcached->getResultCode() === \Memcached::RES_NOTFOUND ? null : self::UNKNOWN;
    }
}
