<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress's object cache on a Redis Cluster that all sites share.
 *
 * A key is "wp:{site:group}:generation:id".
 *
 * - The braces are Redis's hash tag: a group of a site lives in one slot, so reading or writing many of its keys is one round
 *   trip to one node. With a few dozen groups per site, the farm still spreads over all nodes.
 * - A flush changes the generation, in O(1) and for this site alone; keys of older generations are never read again and expire.
 *   Generations are random, not counted: one that Redis has evicted is replaced by a new one and cannot bring old keys back.
 *
 * What cannot be kept in Redis (no connection, value too large) is kept in memory for the request.
 */
final class ObjectCache
{
    private const MAX_VALUE_BYTES = 1 << 20;

    /** Nothing stays longer, so that the keys of old generations go away without anyone looking for them. */
    private const MAX_SECONDS = 7 * 86400;

    /** The field of the generations' hash that counts for the whole site; the others are names of groups. */
    private const SITE = '*';

    /** SET for many keys of one slot: ARGV is the seconds, the condition (NX, XX or nothing), then the values. */
    private const SET_ALL = <<<'LUA'
        local stored = {}
        for i, key in ipairs(KEYS) do
            local arguments = { 'SET', key, ARGV[i + 2], 'EX', ARGV[1] }
            if ARGV[2] ~= '' then table.insert(arguments, ARGV[2]) end
            stored[i] = redis.call(unpack(arguments)) and 1 or 0
        end
        return stored
        LUA;

    private const DELETE_ALL = <<<'LUA'
        local deleted = {}
        for i, key in ipairs(KEYS) do deleted[i] = redis.call('UNLINK', key) end
        return deleted
        LUA;

    /**
     * INCRBY as WordPress wants it: only where the key exists, never below zero, the time to live as it was. A value that is
     * not stored as an integer counts as what the caller read from it (ARGV[2]).
     */
    private const ADD_TO = <<<'LUA'
        local current = redis.call('GET', KEYS[1])
        if not current then return false end
        local sum = math.max(0, (tonumber(current) or tonumber(ARGV[2])) + tonumber(ARGV[1]))
        redis.call('SET', KEYS[1], string.format('%.0f', sum), 'KEEPTTL')
        return sum
        LUA;

    // Plugins read these two.
    public int $cache_hits = 0;
    public int $cache_misses = 0;

    /** @var array<string, array<string, mixed>> group => id => value */
    private array $memory = [];

    /** @var array<string, true> */
    private array $globalGroups = [];

    /** @var array<string, true> */
    private array $memoryOnlyGroups = [];

    /** @var array<string, string>|null the site's, and those of groups that were flushed alone; null: not read yet */
    private ?array $generations = null;

    private string $blogPrefix = '';

    public function __construct(private readonly string $site, public readonly CacheCluster $cluster, private readonly bool $multisite = false)
    {
        $this->switchToBlog(1);
    }

    public function get(int|string $key, string $group, bool $force = false, ?bool &$found = null): mixed
    {
        $found = $this->isKey($key);
        if (!$found) {
            return false;
        }

        return $this->getMultiple([$key], $group, $force, $found)[$key];
    }

    /**
     * @param array<int|string> $keys
     * @return array<int|string, mixed> false for what is not there
     */
    public function getMultiple(array $keys, string $group, bool $force = false, ?bool &$allFound = null): array
    {
        $values = array_fill_keys(array_filter($keys, $this->isKey(...)), false);
        $found = [];
        $wanted = [];
        foreach ($values as $key => $_) {
            $id = $this->id($key, $group);
            if (!$this->isInMemory($id, $group) || ($force && $this->isShared($group))) {
                $wanted[$key] = $id;
            } else {
                $found[$key] = true;
            }
        }

        if ($wanted !== [] && $this->isShared($group)) {
            $stored = $this->read(array_values($wanted), $group);
            foreach (array_keys($wanted) as $i => $key) {
                $this->remember($wanted[$key], $group, $stored[$i] ?? null);
            }
        }
        foreach ($wanted as $key => $id) {
            $found[$key] = $this->isInMemory($id, $group);
        }

        foreach ($values as $key => $_) {
            if ($found[$key]) {
                $values[$key] = self::copy($this->memory[$group][$this->id($key, $group)]);
            }
        }
        $hits = count(array_filter($found));
        $this->cache_hits += $hits;
        $this->cache_misses += count($values) - $hits;
        $allFound = $hits === count($values);

        return $values;
    }
}
