<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Results of chosen queries in Memcached. The time of a table's last write is part of the key, so a write to the table makes every cached
 * result from it unreachable. When Memcached does not answer, nothing is found and nothing is stored.
 */
final class QueryCache
{
    /** Seconds. A change that does not pass through this class (by hand, by another program) shows after that. */
    private const TTL = 300;

    /**
     * Seconds after a write in which no result is stored. A replica may answer with the old rows for as long as its lag is tolerated
     * (role-check: MAX_LAG); they must not be stored under the new key.
     */
    private const MAX_REPLICA_LAG = 11.0;

    private const MAX_ROWS = 500;

    public function __construct(private readonly \Memcached $memcached, private readonly string $site)
    {
    }

    /**
     * The cached rows of a query, or the key to store them under.
     *
     * @param list<string> $tables
     * @return array{?list<object>, ?string} rows, or null and the key for {@see store()}; no key when the result must not be stored now
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

        return [null, max($written) < microtime(true) - self::MAX_REPLICA_LAG ? $key : null];
    }

    /** @param list<object> $rows */
    public function store(string $key, array $rows): void
    {
        if (count($rows) <= self::MAX_ROWS) {
            $this->memcached->set($key, igbinary_serialize($rows), self::TTL);
        }
    }

    /**
     * @param list<string> $tables that were just written to
     * @return bool false: old results of some tables may still be found
     */
    public function invalidate(array $tables): bool
    {
        $now = microtime(true);
        $complete = true;
        foreach ($tables as $table) {
            $complete = $this->memcached->set($this->tableKey($table), $now) && $complete;
        }

        return $complete;
    }

    /**
     * @param list<string> $tables
     * @return ?list<float> null when the time of one is not known
     */
    private function lastWrites(array $tables): ?array
    {
        $keys = array_map($this->tableKey(...), $tables);
        $found = $this->memcached->getMulti($keys);
        if ($found === false) {
            return null;
        }
        foreach (array_diff($keys, array_keys($found)) as $missing) {
            // Memcached has never had it, or has evicted it: treat the table as written to now.
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
