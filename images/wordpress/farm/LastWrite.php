<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The position (GTID) of a site's last write, shared by all its requests on all containers. A request reads from a replica only when the
 * replica has that position. Otherwise WordPress would build a purged page, or an invalidated object, from old rows, and cache it again.
 */
final class LastWrite
{
    /** A request is writing now, or Memcached does not answer. */
    public const UNKNOWN = '?';

    /** Seconds. The proxy sends no reads to a replica with more lag (role-check: MAX_LAG). */
    private const TTL = 11;

    private readonly string $key;

    /** Marks that this request is writing. No other request replaces the mark. */
    private readonly string $unknown;

    public function __construct(private readonly \Memcached $memcached, string $site)
    {
        $this->key = "$site:last-write";
        $this->unknown = self::UNKNOWN . bin2hex(random_bytes(6));
    }

    /** Marks that this request is about to write. */
    public function begin(): void
    {
        $this->memcached->set($this->key, $this->unknown, self::TTL);
    }

    /** @param string $gtid the writer's position after this request's write; it includes the earlier writes of all other requests */
    public function publish(string $gtid): void
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

    /** Removes this request's mark, because its statements changed no row. */
    public function cancel(): void
    {
        if ($this->memcached->get($this->key) === $this->unknown) {
            $this->memcached->delete($this->key);
        }
    }

    /** The GTID that a replica must have, {@see UNKNOWN}, or null when every replica will do. */
    public function position(): ?string
    {
        $position = $this->memcached->get($this->key);
        if ($position !== false) {
            return str_starts_with((string) $position, self::UNKNOWN) ? self::UNKNOWN : (string) $position;
        }

        return $this->memcached->getResultCode() === \Memcached::RES_NOTFOUND ? null : self::UNKNOWN;
    }

    /** True when another request is writing and will publish a later position, or has published one in the same domain. */
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
