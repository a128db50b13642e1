<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress's object cache on the Redis Cluster that all sites share.
 *
 * A key is "wp:{site:group}:generation:id".
 *
 * - The braces are Redis's hash tag: a group of a site lives in one slot, so that reading or writing any number of its keys is
 *   one round trip to one node. The farm as a whole still spreads over all nodes, at a few dozen groups per site.
 * - A flush changes the generation: O(1), and for this site alone. Keys of older generations are never read again and expire.
 *   A generation is random, not counted: where Redis has evicted one, its successor cannot bring old keys back.
 *
 * What Redis cannot keep (no connection, value too large) is kept in memory for the request.
 */
final class ObjectCache
{
    private const MAX_VALUE_BYTES = 1 << 20;

    /** Nothing stays longer, so the keys of old generations go away without anyone looking for them. */
    private const MAX_SECONDS = 7 * 86400;

    /** The field of the site's own generation; the other fields are groups that were flushed by themselves. */
    private const SITE = '';

    /** SET of many keys in one slot. ARGV: seconds, condition (NX, XX or nothing), then a value per key. */
    private const SET_ALL = <<<'LUA'
        local stored = {}
        for i, key in ipairs(KEYS) do
            local command = { 'SET', key, ARGV[i + 2], 'EX', ARGV[1] }
            if ARGV[2] ~= '' then table.insert(command, ARGV[2]) end
            stored[i] = redis.call(unpack(command)) and 1 or 0
        end
        return stored
        LUA;

    private const DELETE_ALL = <<<'LUA'
        local deleted = {}
        for i, key in ipairs(KEYS) do deleted[i] = redis.call('UNLINK', key) end
        return deleted
        LUA;

    /**
     * INCRBY as WordPress defines it: only where the key exists (-1 says that it does not), never below zero, and the time to
     * live stays. ARGV: the amount, and what a value counts as that is not stored as an integer.
     */
    private const ADD_TO = <<<'LUA'
        local current = redis.call('GET', KEYS[1])
        if not current then return -1 end
        local sum = math.max(0, (tonumber(current) or tonumber(ARGV[2])) + tonumber(ARGV[1]))
        redis.call('SET', KEYS[1], string.format('%.0f', sum), 'KEEPTTL')
        return sum
        LUA;

    // In WordPress's spelling, because plugins read them.
    public int $cache_hits = 0;
    public int $cache_misses = 0;

    /** Groups that WordPress fills with what it reads of its tables. */
    private const ROWS = '/^(?:posts|terms|users|user_meta|userlogins|useremail|userslugs|comment|options|site-options|counts|bookmark|calendar|timeinfo|\w+_meta|\w+_relationships|\w+-queries|last_changed)$/';

    /** @var array<string, array<int|string, mixed>> group => id => value */
    public private(set) array $memory = [];

    /** @var array<string, true> */
    private array $globalGroups = [];

    /** @var array<string, true> */
    private array $memoryOnlyGroups = [];

    /** @var array<string, string>|null null until read, and while Redis does not answer */
    private ?array $generations = null;

    private string $blogPrefix = '';

    /** @param ?\Closure(): bool $mayBeOld whether what this request reads of the database may be older than what another has written */
    public function __construct(private readonly string $site, public readonly CacheCluster $cluster, private readonly ?\Closure $mayBeOld = null)
    {
    }

    public function get(mixed $key, string $group, bool $force = false, mixed &$found = null): mixed
    {
        $values = $this->lookUp([$key], $group, $force);
        $found = $values !== [];

        return $found ? reset($values) : false;
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, mixed> false for what is not there
     */
    public function getMultiple(array $keys, string $group, bool $force = false): array
    {
        $keys = array_filter($keys, self::isKey(...));

        return array_replace(array_fill_keys($keys, false), $this->lookUp($keys, $group, $force));
    }

    /**
     * @param array<int|string, mixed> $values
     * @return array<int|string, bool>
     */
    public function set(array $values, string $group, int $expire): array
    {
        return $this->store($values, $group, $expire, '');
    }

    /** Redis decides what is there already, not this request's memory: WordPress and plugins build locks on it. */
    public function add(array $values, string $group, int $expire): array
    {
        return wp_suspend_cache_addition()
            ? array_fill_keys(array_keys($values), false)
            : $this->store($values, $group, $expire, 'NX');
    }

    public function replace(array $values, string $group, int $expire): array
    {
        return $this->store($values, $group, $expire, 'XX');
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, bool> whether it was there
     */
    public function delete(array $keys, string $group): array
    {
        $ids = $this->ids($keys, $group);
        $deleted = $this->inRedis($group) ? $this->unlink($ids, $group) : null;
        $results = array_fill_keys(array_filter($keys, self::isKey(...)), false);
        foreach ($ids as $key => $id) {
            $results[$key] = $deleted[$key] ?? $this->inMemory($id, $group);
            unset($this->memory[$group][$id]);
        }

        return $results;
    }

    public function increment(mixed $key, int $by, string $group): int|false
    {
        $known = $this->get($key, $group, found: $found);
        if (!self::isKey($key)) {
            return false;
        }
        $id = $this->id($key, $group);
        $base = is_numeric($known) ? (int) $known : 0;
        $sum = $this->inRedis($group)
            ? $this->write($group, fn (\RedisCluster $redis, string $prefix) => $redis->eval(self::ADD_TO, [$prefix . $id, $by, $base], 1))
            : null;
        $sum ??= $found ? max(0, $base + $by) : -1;
        if ($sum < 0) {
            unset($this->memory[$group][$id]);

            return false;
        }

        return $this->memory[$group][$id] = $sum;
    }

    /** This site, and no other. */
    public function flush(): bool
    {
        $this->memory = [];

        return $this->renewGeneration(self::SITE);
    }

    public function flushGroup(string $group): bool
    {
        unset($this->memory[$group]);

        return !$this->inRedis($group) || $this->renewGeneration($group);
    }

    /** For long jobs, which must not fill their memory: forgets what is known, not what is stored. */
    public function flushRuntime(): bool
    {
        $this->memory = [];
        $this->generations = null;

        return true;
    }

    /** @param string|list<string> $groups */
    public function addGlobalGroups(string|array $groups): void
    {
        $this->globalGroups += array_fill_keys((array) $groups, true);
    }

    /** @param string|list<string> $groups */
    public function addMemoryOnlyGroups(string|array $groups): void
    {
        $this->memoryOnlyGroups += array_fill_keys((array) $groups, true);
    }

    public function switchToBlog(int $blog): void
    {
        $this->blogPrefix = is_multisite() ? "$blog:" : '';
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, mixed> what is there
     */
    private function lookUp(array $keys, string $group, bool $force): array
    {
        $values = [];
        $absent = [];
        foreach ($this->ids($keys, $group) as $key => $id) {
            if (!$force && $this->inMemory($id, $group)) {
                $values[$key] = self::copy($this->memory[$group][$id]);
            } else {
                $absent[$key] = $id;
            }
        }
        if ($absent !== []) {
            if ($this->inRedis($group)) {
                $this->load(array_values($absent), $group);
            }
            foreach ($absent as $key => $id) {
                if ($this->inMemory($id, $group)) {
                    $values[$key] = self::copy($this->memory[$group][$id]);
                }
            }
        }
        $this->cache_hits += count($values);
        $this->cache_misses += count(array_unique($keys, SORT_REGULAR)) - count($values);

        return $values;
    }

    /**
     * Makes memory what Redis has; leaves it alone when Redis does not answer.
     *
     * @param list<int|string> $ids
     */
    private function load(array $ids, string $group): void
    {
        $stored = $this->read($group, fn (\RedisCluster $redis, string $prefix) => $redis->mGet(self::prefixed($prefix, $ids)));
        if (!is_array($stored)) {
            return;
        }
        foreach ($ids as $i => $id) {
            if (is_string($stored[$i])) {
                $this->memory[$group][$id] = self::decode($stored[$i]);
            } else {
                unset($this->memory[$group][$id]);
            }
        }
    }

    /**
     * @param array<int|string, mixed> $values
     * @param ''|'NX'|'XX' $condition
     * @return array<int|string, bool>
     */
    private function store(array $values, string $group, int $expire, string $condition): array
    {
        $ids = $this->ids(array_keys($values), $group);
        $stored = $this->inRedis($group) && !$this->isOldRow($group) ? $this->storeInRedis($ids, $values, $group, $expire, $condition) : [];
        $results = array_fill_keys(array_keys($values), false);
        foreach ($ids as $key => $id) {
            $results[$key] = $stored[$key] ?? match ($condition) {
                'NX' => !$this->inMemory($id, $group),
                'XX' => $this->inMemory($id, $group),
                '' => true,
            };
            if ($results[$key]) {
                $this->memory[$group][$id] = self::copy($values[$key]);
            }
        }
        if ($expire < 0) {
            // Over as soon as it is there, as a transient's.
            $this->delete(array_keys(array_filter($results)), $group);
        }

        return $results;
    }

    /** It stays in this request: in Redis it would take the place of the newer value, for days. */
    private function isOldRow(string $group): bool
    {
        return preg_match(self::ROWS, $group) === 1 && ($this->mayBeOld?->__invoke() ?? false);
    }

    /**
     * @param array<int|string, int|string> $ids by key
     * @param array<int|string, mixed> $values by key
     * @return array<int|string, bool> by key, for those that Redis has decided about
     */
    private function storeInRedis(array $ids, array $values, string $group, int $expire, string $condition): array
    {
        $encoded = array_map(self::encode(...), array_intersect_key($values, $ids));
        $fits = array_filter($encoded, static fn (?string $value) => $value !== null && strlen($value) <= self::MAX_VALUE_BYTES);
        $seconds = $expire > 0 ? min($expire, self::MAX_SECONDS) : self::MAX_SECONDS;
        $stored = $fits === [] ? [] : $this->write($group, fn (\RedisCluster $redis, string $prefix) => $redis->eval(
            self::SET_ALL,
            [...self::prefixed($prefix, array_intersect_key($ids, $fits)), $seconds, $condition, ...array_values($fits)],
            count($fits),
        ));
        $decided = is_array($stored) ? array_combine(array_keys($fits), array_map(boolval(...), $stored)) : [];
        if ($condition !== 'NX') {
            // What Redis did not take (too large, not to be serialized, out of memory): others must not go on reading the value from before.
            $this->unlink(array_diff_key($ids, $decided), $group);
        }

        return $decided;
    }

    /**
     * @param array<int|string, int|string> $ids by key
     * @return array<int|string, bool>|null by key
     */
    private function unlink(array $ids, string $group): ?array
    {
        if ($ids === []) {
            return [];
        }
        $deleted = $this->write($group, fn (\RedisCluster $redis, string $prefix) => $redis->eval(
            self::DELETE_ALL,
            self::prefixed($prefix, $ids),
            count($ids),
        ));

        return is_array($deleted) ? array_combine(array_keys($ids), array_map(boolval(...), $deleted)) : null;
    }

    /** @param callable(\RedisCluster, string): mixed $command gets the prefix of the group's keys; null: Redis does not answer */
    private function read(string $group, callable $command): mixed
    {
        $this->generations ??= $this->readGenerations();
        if ($this->generations === null) {
            return null;
        }
        $generation = $this->generations[self::SITE] . '.' . ($this->generations[$group] ?? '');

        return $this->cluster->call(fn (\RedisCluster $redis) => $command($redis, "wp:{{$this->site}:$group}:$generation:"));
    }

    /**
     * As read().
     *
     * A write that Redis did not see leaves an old value there: once it answers again, it starts from nothing for this site.
     *
     * And where somebody has flushed since this request began, others read from the database into the new generation meanwhile, perhaps what this
     * write is about to make untrue: it is made there, too.
     */
    private function write(string $group, callable $command): mixed
    {
        $result = $this->read($group, $command);
        if ($result !== null && $this->wasFlushed($group)) {
            $this->generations = null;
            $result = $this->read($group, $command);
        }
        if ($result === null) {
            $this->missedWrites()->note();
        }

        return $result;
    }

    private function wasFlushed(string $group): bool
    {
        $key = $this->generationsKey();
        // hMGet() leaves a field without a name out.
        $now = $this->cluster->call(static fn (\RedisCluster $redis) => $redis->rawCommand($key, 'HMGET', $key, self::SITE, $group));

        return is_array($now) && ($now[0] !== $this->generations[self::SITE] || ($now[1] ?: '') !== ($this->generations[$group] ?? ''));
    }

    /** @return array<string, string>|null */
    private function readGenerations(): ?array
    {
        $missed = $this->missedWrites();
        $stale = $missed->take();
        $generations = $this->cluster->call(function (\RedisCluster $redis) use ($stale): ?array {
            $key = $this->generationsKey();
            if ($stale) {
                $redis->hSet($key, self::SITE, self::newGeneration());
            }
            $all = $redis->hGetAll($key);
            if (!isset($all[self::SITE])) {
                $redis->hSetNx($key, self::SITE, self::newGeneration());
                $all = $redis->hGetAll($key);
            }

            // Not so when Redis answers with an error, as it does while it loads or is out of memory.
            return isset($all[self::SITE]) ? $all : null;
        });
        if ($stale && $generations === null) {
            $missed->note();
        }

        return $generations;
    }

    private function renewGeneration(string $field): bool
    {
        $this->generations = null;
        $renewed = $this->cluster->call(fn (\RedisCluster $redis) => $redis->hSet($this->generationsKey(), $field, self::newGeneration()));
        if ($renewed === null) {
            $this->missedWrites()->note();
        }

        return $renewed !== null;
    }

    private function missedWrites(): MissedWrites
    {
        return new MissedWrites($this->site);
    }

    private function generationsKey(): string
    {
        return "wp:{{$this->site}}:generations";
    }

    private static function newGeneration(): string
    {
        return bin2hex(random_bytes(6));
    }

    private function inMemory(int|string $id, string $group): bool
    {
        return array_key_exists($id, $this->memory[$group] ?? []);
    }

    private function inRedis(string $group): bool
    {
        return !isset($this->memoryOnlyGroups[$group]);
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, int|string> key => id, without what cannot be a key
     */
    private function ids(array $keys, string $group): array
    {
        $ids = [];
        foreach ($keys as $key) {
            if (self::isKey($key)) {
                $ids[$key] = $this->id($key, $group);
            }
        }

        return $ids;
    }

    private function id(int|string $key, string $group): int|string
    {
        return $this->blogPrefix === '' || isset($this->globalGroups[$group]) ? $key : $this->blogPrefix . $key;
    }

    /** WordPress's rule. */
    private static function isKey(mixed $key): bool
    {
        return is_int($key) || (is_string($key) && trim($key) !== '');
    }

    /**
     * @param array<int|string, int|string> $ids
     * @return list<string>
     */
    private static function prefixed(string $prefix, array $ids): array
    {
        return array_map(static fn (int|string $id) => $prefix . $id, array_values($ids));
    }

    /** Who changes an object that came from the cache, or that went in, must not change the cache. */
    private static function copy(mixed $value): mixed
    {
        return is_object($value) && (new \ReflectionObject($value))->isCloneable() ? clone $value : $value;
    }

    /**
     * Integers as Redis counts them; everything else (false and null too) serialized, which never looks like an integer. Null: it cannot be
     * serialized (a function, a connection), and stays in the request.
     */
    private static function encode(mixed $value): ?string
    {
        try {
            return is_int($value) ? (string) $value : igbinary_serialize($value);
        } catch (\Throwable) {
            return null;
        }
    }

    private static function decode(string $stored): mixed
    {
        return $stored === (string) (int) $stored ? (int) $stored : igbinary_unserialize($stored);
    }
}
