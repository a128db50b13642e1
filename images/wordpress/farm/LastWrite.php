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

    /** Marks a write of this request in progress. Another request does not replace the mark. */
    private readonly string $unknown;

    public function __construct(private readonly \Memcached $memcached, string $site)
    {
        $this->key = "$site:last-write";
        $this->unknown = self::UNKNOWN . bin2hex(random_bytes(6));
    }

    public function begins(): void
    {
        $this->memcached->set($this->key, $this->unknown, self::TTL);
    }

    /** @param string $gtid of the writer, when the request had written: others' earlier writes are before it */
    public function isAt(string $gtid): void
    {
        do {
            $known = $this->memcached->get($this->key, null, \Memcached::GET_EXTENDED);
            if ($known === false) {
                $this->memcached->set($this->key, $gtid, self::TTL);

                return;
            }
            if ($this->isNewer((string) $known['value'], $gtid)) {
                return;
            }
            $this->memcached->cas($known['cas'], $this->key, $gtid, self::TTL);
        } while ($this->memcached->getResultCode() === \Memcached::RES_DATA_EXISTS);
    }

    /** The request's statements changed no row. */
    public function wasNone(): void
    {
        if ($this->memcached->get($this->key) === $this->unknown) {
            $this->memcached->delete($this->key);
        }
    }

    /** A GTID that a reader must have; null when any will do. */
    public function position(): ?string
    {
        $position = $this->memcached->get($this->key);
        if ($position !== false) {
            return str_starts_with((string) $position, self::UNKNOWN) ? self::UNKNOWN : (string) $position;
        }

        return $this->memcached->getResultCode() === \Memcached::RES_NOTFOUND ? null : self::UNKNOWN;
    }

    /** Another request is writing and will publish a later position, or has published one in the same domain. */
    private function isNewer(string $known, string $gtid): bool
    {
        if (str_starts_with($known, self::UNKNOWN)) {
            return $known !== $this->unknown;
        }
        [$knownDomain, , $knownNumber] = explode('-', $known);
        [$domain, , $number] = explode('-', $gtid);

        return $knownDomain === $domain && (int) $knownNumber >= (int) $number;
    }
}
