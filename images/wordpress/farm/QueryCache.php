<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Results of chosen queries in Memcached, for a while. A write to a table makes every result that came from it unreachable: the time of
 * a table's last write is part of the key. Without Memcached nothing is found and nothing is kept.
 */
final class QueryCache
{
    /** Seconds; what is changed past this class (by hand, by another program) shows after that. */
    private const TTL = 300;

    /**
     * Seconds. After a write a replica may still give the old rows for as long as it may be behind (role-check: MAX_LAG); they must not
     * be kept under the new key.
     */
    private const SETTLES = 11.0;

    private const MAX_ROWS = 500;

    public function __construct(private readonly \Memcached $memcached, private readonly string $site)
    {
    }

    /**
     * The result under this name, or where to keep it.
     *
     * @param list<string> $tables
     * @return array{?list<object>, ?string} rows, or null and the key for {@see keep()}; no key when it must not be kept now
     */
    public function find(string $sql, array $tables): array
    {
        $written = $this->lastWrites($tables);
        if ($written === null) {
            return [null, null];
        }
        $key = "$this->site:q:" . hash('xxh128', implode(',', $written) . "\n$sql");
        $rows = $this->memcached->get($key);
        if (is_string($rows)) {
            return [igbinary_unserialize($rows), null];
        }

        return [null, max($written) < microtime(true) - self::SETTLES ? $key : null];
    }

    /** @param list<object> $rows */
    public function keep(string $key, array $rows): void
    {
        if (count($rows) <= self::MAX_ROWS) {
            $this->memcached->set($key, igbinary_serialize($rows), self::TTL);
        }
    }

    /**
     * @param list<string> $tables that were written to just now
     * @return bool false: of some, results may still be found
     */
    public function forget(array $tables): bool
    {
        $now = microtime(true);
        $forgotten = true;
        foreach ($tables as $table) {
            $forgotten = $this->memcached->set($this->tableKey($table), $now) && $forgotten;
        }

        return $forgotten;
    }

    /**
     * @param list<string> $tables
     * @return ?list<float> null when it is not known
     */
    private function lastWrites(array $tables): ?array
    {
        $keys = array_map($this->tableKey(...), $tables);
        $found = $this->memcached->getMulti($keys);
        if ($found === false) {
            return null;
        }
        foreach (array_diff($keys, array_keys($found)) as $missing) {
            // Never seen, or pushed out: as if it was written just now.
            $this->memcached->add($missing, microtime(true));

            return null;
        }

        return array_map(static fn (string $key) => (float) $found[$key], $keys);
    }

    private function tableKey(string $table): string
    {
        return "$this->site:t:$table";
    }
}
