<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress's object cache in the Redis Cluster that all sites share.
 *
 * A key is "wp:{site}:group:generation:id".
 *
 * - The braces are Redis's hash tag: all keys of a site are in one slot, so one round trip to one node gets all that a page needs, and a
 *   script can check the generation and write in one step. The sites of a farm spread over all nodes.
 * - A flush changes the generation of one site, in O(1). Keys of older generations are never read again and expire. A generation is
 *   random, not a counter: when Redis has evicted one, its successor cannot make old keys valid again.
 * - The values that this kind of page asked for last time are fetched together with the generations ({@see Prefetch}).
 *
 * A value that Redis cannot store (no connection, value too large) stays in memory for the request.
 */
final class ObjectCache
{
    private const MAX_VALUE_BYTES = 1 << 20;

    /** The longest time to live of a key, so that the keys of old generations expire by themselves. */
    private const MAX_SECONDS = 7 * 86400;

    /** Prefetched values are used for so long. A request that has waited, for a payment for example, asks Redis again. */
    private const PREFETCHED_SECONDS = 1.0;

    /** The field of the site's own generation. The other fields are groups that were flushed alone. */
    private const SITE = '';

    /**
     * Reads the site's generations and values of any groups; a page's first call. KEYS: the generations. ARGV: the site's prefix, a new
     * generation, "1" to replace the site's generation by it, then for each group its name, the number of ids, the ids.
     */
    private const BEGIN = <<<'LUA'
        if ARGV[3] == '1' or redis.call('HEXISTS', KEYS[1], '') == 0 then redis.call('HSET', KEYS[1], '', ARGV[2]) end
        local generations = redis.call('HGETALL', KEYS[1])
        local of = {}
        for i = 1, #generations, 2 do of[generations[i]] = generations[i + 1] end
        local keys, i = {}, 4
        while i < #ARGV do
            local prefix = ARGV[1] .. ARGV[i] .. ':' .. of[''] .. '.' .. (of[ARGV[i]] or '') .. ':'
            for id = i + 2, i + 1 + ARGV[i + 1] do keys[#keys + 1] = prefix .. ARGV[id] end
            i = i + 2 + ARGV[i + 1]
        end
        return { generations, #keys > 0 and redis.call('MGET', unpack(keys)) or {} }
        LUA;

    /**
     * The beginning of each script below: a write goes into the present generation. When another request has flushed since this one began,
     * others may have stored rows in the new generation that this write makes out of date.
     *
     * KEYS: the generations. ARGV: the site's prefix, a new generation for a site that has none, the group, the number of ids, the ids,
     * and the script's own arguments ("more"). It returns the two generations, and the script's own result.
     */
    private const WRITE = <<<'LUA'
        local generations = redis.call('HMGET', KEYS[1], '', ARGV[3])
        if not generations[1] then
            redis.call('HSET', KEYS[1], '', ARGV[2])
            generations[1] = ARGV[2]
        end
        local prefix = ARGV[1] .. ARGV[3] .. ':' .. generations[1] .. '.' .. (generations[2] or '') .. ':'
        local keys, more = {}, {}
        for i = 5, 4 + ARGV[4] do keys[#keys + 1] = prefix .. ARGV[i] end
        for i = 5 + ARGV[4], #ARGV do more[#more + 1] = ARGV[i] end

        LUA;

    /** More: seconds, condition (NX, XX or nothing), then a value per key. */
    private const SET_ALL = self::WRITE . <<<'LUA'
        local stored = {}
        for i, key in ipairs(keys) do
            local command = { 'SET', key, more[i + 2], 'EX', more[1] }
            if more[2] ~= '' then table.insert(command, more[2]) end
            stored[i] = redis.call(unpack(command)) and 1 or 0
        end
        return { generations[1], generations[2] or '', stored }
        LUA;

    private const DELETE_ALL = self::WRITE . <<<'LUA'
        local deleted = {}
        for i, key in ipairs(keys) do deleted[i] = redis.call('UNLINK', key) end
        return { generations[1], generations[2] or '', deleted }
        LUA;

    /**
     * INCRBY as WordPress defines it: only when the key exists (otherwise the result is -1), never below zero, and the time to live stays.
     * More: the amount, and the number that a value which is no integer counts as; without that number, the result is then -2.
     */
    private const ADD_TO = self::WRITE . <<<'LUA'
        local sum = -1
        local current = redis.call('GET', keys[1])
        if current then
            current = tonumber(current) or tonumber(more[2])
            sum = current and math.max(0, current + tonumber(more[1])) or -2
            if current then redis.call('SET', keys[1], string.format('%.0f', sum), 'KEEPTTL') end
        end
        return { generations[1], generations[2] or '', { sum } }
        LUA;

    // Named as in WordPress, because plugins read them.
    public int $cache_hits = 0;
    public int $cache_misses = 0;

    /** The groups in which WordPress caches rows of its tables. */
    private const ROW_GROUPS = '/^(?:posts|terms|users|user_meta|userlogins|useremail|userslugs|comment|options|site-options|counts'
        . '|bookmark|calendar|timeinfo|\w+_meta|\w+_relationships|\w+-queries|last_changed)$/';

    /** @var array<string, array<int|string, mixed>> group => id => value */
    public private(set) array $memory = [];

    /** @var array<string, true> */
    private array $globalGroups = [];

    /** @var array<string, true> */
    private array $memoryOnlyGroups = [];

    /** @var array<string, string>|null null until they are read, and while Redis does not answer */
    private ?array $generations = null;

    private string $blogPrefix = '';

    /** @var array<string, array<int|string, string|false>> group => id => the stored value, used once; false: Redis has no such key */
    private array $prefetched = [];

    private int $prefetchedAt = 0; // ns

    /** @var array<string, array<int|string, true>> group => id => true, the ids that this request has asked for */
    private array $asked = [];

    /**
     * @param ?\Closure(): bool $mayReadStaleRows whether this request may read rows that lack another request's write
     * @param ?\Closure(): bool $hasWritten whether this request has changed or locked something, and so must see the present values
     */
    public function __construct(
        private readonly string $site,
        public readonly CacheCluster $cluster,
        private readonly ?Prefetch $prefetch = null,
        private readonly ?\Closure $mayReadStaleRows = null,
        private readonly ?\Closure $hasWritten = null,
    ) {
    }

    public function get(mixed $key, string $group, bool $force = false, mixed &$found = null): mixed
    {
        // Nine of ten calls are answered here.
        if (!$force && self::isKey($key) && $this->inMemory($id = $this->id($key, $group), $group)) {
            ++$this->cache_hits;
            $found = true;

            return self::copy($this->memory[$group][$id]);
        }
        $values = $this->lookUp([$key], $group, $force);
        $found = $values !== [];

        return $found ? reset($values) : false;
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, mixed> false for a key that does not exist
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

    /**
     * Redis decides whether a key exists, not this request's memory, because WordPress and plugins build locks on add(). The groups of
     * rows are an exception: nobody locks with them, and WordPress adds rows again that it has just read from this cache.
     */
    public function add(array $values, string $group, int $expire): array
    {
        $results = array_fill_keys(array_keys($values), false);
        if (wp_suspend_cache_addition()) {
            return $results;
        }
        $known = self::holdsRows($group) ? $this->ids(array_keys($values), $group) : [];
        $known = array_filter($known, fn (int|string $id) => $this->inMemory($id, $group));
        $unknown = array_diff_key($values, $known);

        return $unknown === [] ? $results : array_replace($results, $this->store($unknown, $group, $expire, 'NX'));
    }

    public function replace(array $values, string $group, int $expire): array
    {
        return $this->store($values, $group, $expire, 'XX');
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, bool> whether the key existed
     */
    public function delete(array $keys, string $group): array
    {
        $ids = $this->ids($keys, $group);
        $deleted = $this->inRedis($group) ? $this->unlink($ids, $group) : null;
        $results = array_fill_keys(array_filter($keys, self::isKey(...)), false);
        foreach ($ids as $key => $id) {
            $results[$key] = $deleted[$key] ?? $this->inMemory($id, $group);
            unset($this->memory[$group][$id], $this->prefetched[$group][$id]);
        }

        return $results;
    }

    public function increment(mixed $key, int $by, string $group): int|false
    {
        if (!self::isKey($key)) {
            return false;
        }
        $id = $this->id($key, $group);
        $sum = $this->inRedis($group) ? $this->write($group, self::ADD_TO, [$id], [$by])[0] ?? null : null;
        if ($sum === null || $sum === -2) {
            $known = $this->get($key, $group, force: $sum === -2, found: $found);
            $base = is_numeric($known) ? (int) $known : 0;
            $sum = $sum === -2 ? $this->write($group, self::ADD_TO, [$id], [$by, $base])[0] ?? null : null;
            $sum ??= $found ? max(0, $base + $by) : -1;
        }
        unset($this->memory[$group][$id], $this->prefetched[$group]);

        return $sum < 0 ? false : $this->memory[$group][$id] = $sum;
    }

    /** Flushes this site, and no other. */
    public function flush(): bool
    {
        $this->memory = $this->prefetched = [];

        return $this->renewGeneration(self::SITE);
    }

    public function flushGroup(string $group): bool
    {
        unset($this->memory[$group], $this->prefetched[$group]);

        return !$this->inRedis($group) || $this->renewGeneration($group);
    }

    /** Frees the memory of this request; Redis keeps its values. For long jobs. */
    public function flushRuntime(): bool
    {
        $this->memory = $this->prefetched = [];
        $this->generations = null;

        return true;
    }

    /** Ends the request: saves the list for the next page of its kind, and adds its counts to the container's totals. */
    public function close(): void
    {
        $this->prefetch?->save($this->asked);
        Counters::add('hits', $this->site, $this->cache_hits);
        Counters::add('misses', $this->site, $this->cache_misses);
        Counters::add('calls', $this->site, $this->cluster->calls);
        Counters::add('microseconds', $this->site, intdiv($this->cluster->nanoseconds, 1000));
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
     * @return array<int|string, mixed> the values of the keys that exist
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
                $this->load(array_values($absent), $group, $force);
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
     * Updates the memory from Redis; leaves it as it is when Redis does not answer.
     *
     * @param list<int|string> $ids
     */
    private function load(array $ids, string $group, bool $force): void
    {
        $this->generations ??= $this->begin();
        if ($this->generations === null) {
            return;
        }
        if ($this->prefetch !== null) {
            $this->asked[$group] = ($this->asked[$group] ?? []) + array_fill_keys($ids, true);
        }
        $fetched = $this->takePrefetched($ids, $group, $force);
        $missing = array_values(array_diff($ids, array_keys($fetched)));
        if ($missing !== []) {
            $prefix = $this->sitePrefix() . "$group:{$this->generations[self::SITE]}." . ($this->generations[$group] ?? '') . ':';
            $keys = array_map(static fn (int|string $id) => $prefix . $id, $missing);
            $stored = $this->cluster->call(static fn (\RedisCluster $redis) => $redis->mGet($keys));
            $fetched += is_array($stored) ? array_combine($missing, $stored) : [];
            $this->cluster->bytes += self::bytes($stored ?: []);
        }
        foreach ($fetched as $id => $value) {
            if (is_string($value)) {
                $this->memory[$group][$id] = self::decode($value);
            } else {
                unset($this->memory[$group][$id]);
            }
        }
    }

    /**
     * Uses each prefetched value once: a caller that asks again, to see whether a lock is free for example, wants the present value.
     *
     * @param list<int|string> $ids
     * @return array<int|string, string|false> by id
     */
    private function takePrefetched(array $ids, string $group, bool $force): array
    {
        $ids = array_flip($ids);
        $prefetched = array_intersect_key($this->prefetched[$group] ?? [], $ids);
        if ($prefetched === []) {
            return [];
        }
        $this->prefetched[$group] = array_diff_key($this->prefetched[$group], $ids);

        $isTooOld = hrtime(true) - $this->prefetchedAt > self::PREFETCHED_SECONDS * 1e9;

        return $force || $isTooOld || ($this->hasWritten?->__invoke() ?? false) ? [] : $prefetched;
    }

    /**
     * @param array<int|string, mixed> $values
     * @param ''|'NX'|'XX' $condition
     * @return array<int|string, bool>
     */
    private function store(array $values, string $group, int $expire, string $condition): array
    {
        $ids = $this->ids(array_keys($values), $group);
        $inRedis = $this->inRedis($group) && !$this->mayBeStale($group);
        $stored = $inRedis ? $this->storeInRedis($ids, $values, $group, $expire, $condition) : [];
        $results = array_fill_keys(array_keys($values), false);
        foreach ($ids as $key => $id) {
            $results[$key] = $stored[$key] ?? match ($condition) {
                'NX' => !$this->inMemory($id, $group),
                'XX' => $this->inMemory($id, $group),
                '' => true,
            };
            unset($this->prefetched[$group][$id]);
            if ($results[$key]) {
                $this->memory[$group][$id] = self::copy($values[$key]);
            }
        }
        if ($condition !== '' && !self::holdsRows($group)) {
            // This may have taken a lock, and the caller asks next for the values that the lock protects.
            unset($this->prefetched[$group]);
        }
        if ($expire < 0) {
            // It has expired already, as a transient may have.
            $this->delete(array_keys(array_filter($results)), $group);
        }

        return $results;
    }

    /** A row that may be stale stays in this request: in Redis it would replace the newer value, for days. */
    private function mayBeStale(string $group): bool
    {
        return self::holdsRows($group) && ($this->mayReadStaleRows?->__invoke() ?? false);
    }

    private static function holdsRows(string $group): bool
    {
        return preg_match(self::ROW_GROUPS, $group) === 1;
    }

    /**
     * @param array<int|string, int|string> $ids by key
     * @param array<int|string, mixed> $values by key
     * @return array<int|string, bool> by key, for the keys that Redis has answered for
     */
    private function storeInRedis(array $ids, array $values, string $group, int $expire, string $condition): array
    {
        $encoded = array_map(self::encode(...), array_intersect_key($values, $ids));
        $fits = array_filter($encoded, static fn (?string $value) => $value !== null && strlen($value) <= self::MAX_VALUE_BYTES);
        $seconds = $expire > 0 ? min($expire, self::MAX_SECONDS) : self::MAX_SECONDS;
        $arguments = [$seconds, $condition, ...array_values($fits)];
        $stored = $fits === [] ? [] : $this->write($group, self::SET_ALL, array_intersect_key($ids, $fits), $arguments);
        $this->cluster->bytes += self::bytes($fits);
        $answered = is_array($stored) ? array_combine(array_keys($fits), array_map(boolval(...), $stored)) : [];
        if ($condition !== 'NX') {
            // Redis did not store these (too large, not serializable, out of memory). Other requests must not read their old values.
            $this->unlink(array_diff_key($ids, $answered), $group);
        }

        return $answered;
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
        $deleted = $this->write($group, self::DELETE_ALL, $ids);

        return is_array($deleted) ? array_combine(array_keys($ids), array_map(boolval(...), $deleted)) : null;
    }

    /**
     * A write that does not reach Redis leaves an old value there. It is recorded; when Redis answers again, the site's cache is flushed.
     *
     * @param array<int|string> $ids
     * @param list<int|string> $more the script's own arguments
     * @return list<int>|false|null the script's result; false: Redis refused; null: Redis does not answer
     */
    private function write(string $group, string $script, array $ids, array $more = []): array|false|null
    {
        $this->generations ??= $this->begin();
        $generations = [$this->generationsKey(), $this->sitePrefix(), self::newGeneration()];
        $arguments = [...$generations, $group, count($ids), ...array_values($ids), ...$more];
        $run = static fn (\RedisCluster $redis) => $redis->eval($script, $arguments, 1);
        $answer = $this->generations === null ? null : $this->cluster->call($run);
        if ($answer === null) {
            $this->missedWrites()->record();
        }
        if (!is_array($answer)) {
            return $answer;
        }
        [$ofSite, $ofGroup, $result] = $answer;
        if ($ofSite !== $this->generations[self::SITE] || $ofGroup !== ($this->generations[$group] ?? '')) {
            // Another request has flushed.
            $this->generations = null;
            $this->prefetched = [];
        }

        return $result;
    }

    /** @return array<string, string>|null the generations; null: no answer, or an error (Redis is loading, or out of memory) */
    private function begin(): ?array
    {
        $missed = $this->missedWrites();
        $stale = $missed->consume();
        $wanted = $this->prefetch?->load() ?? [];
        $arguments = [$this->generationsKey(), $this->sitePrefix(), self::newGeneration(), $stale ? '1' : ''];
        foreach ($wanted as $group => $ids) {
            array_push($arguments, $group, count($ids), ...$ids);
        }
        $answer = $this->cluster->call(static fn (\RedisCluster $redis) => $redis->eval(self::BEGIN, $arguments, 1));
        if (!is_array($answer)) {
            $stale && $missed->record();

            return null;
        }
        [$fields, $values] = $answer;
        $this->cluster->bytes += self::bytes($values);
        $this->prefetchedAt = hrtime(true);
        foreach ($wanted as $group => $ids) {
            $this->prefetched[$group] = array_combine($ids, array_splice($values, 0, count($ids)));
        }

        return array_column(array_chunk($fields, 2), 1, 0);
    }

    private function renewGeneration(string $field): bool
    {
        $this->generations = null;
        $renewed = $this->cluster->call(fn (\RedisCluster $redis) => $redis->hSet($this->generationsKey(), $field, self::newGeneration()));
        if ($renewed === null) {
            $this->missedWrites()->record();
        }

        return $renewed !== null;
    }

    private function missedWrites(): MissedWrites
    {
        return new MissedWrites($this->site);
    }

    private function generationsKey(): string
    {
        return "wp:{{$this->site}}";
    }

    private function sitePrefix(): string
    {
        return "wp:{{$this->site}}:";
    }

    private static function newGeneration(): string
    {
        return bin2hex(random_bytes(6));
    }

    private function inMemory(int|string $id, string $group): bool
    {
        return isset($this->memory[$group][$id]) || (isset($this->memory[$group]) && array_key_exists($id, $this->memory[$group]));
    }

    private function inRedis(string $group): bool
    {
        return !isset($this->memoryOnlyGroups[$group]);
    }

    /**
     * @param array<mixed> $keys
     * @return array<int|string, int|string> key => id, without invalid keys
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

    /** WordPress's rule for a valid key. */
    private static function isKey(mixed $key): bool
    {
        return is_int($key) || (is_string($key) && trim($key) !== '');
    }

    /** @param array<string|false> $values */
    private static function bytes(array $values): int
    {
        return array_sum(array_map(strlen(...), array_filter($values, is_string(...))));
    }

    /** A caller that changes an object which it got from the cache, or put into it, must not change the cached one. */
    private static function copy(mixed $value): mixed
    {
        return is_object($value) && (new \ReflectionObject($value))->isCloneable() ? clone $value : $value;
    }

    /**
     * Integers as text, so that Redis can count with them; everything else (false and null too) serialized, which never looks like an
     * integer. Null when the value cannot be serialized (a function, a connection) and so stays in the request.
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
