<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress's object cache on the Redis Cluster that all sites share.
 *
 * A key is "wp:{site}:group:generation:id".
 *
 * - The braces are Redis's hash tag: a site lives in one slot, so whatever a page needs is one round trip to one node, and a write looks at the
 *   generation and writes in one step. The farm spreads over all nodes by its sites.
 * - A flush changes the generation: O(1), and for this site alone. Keys of older generations are never read again and expire.
 *   A generation is random, not counted: where Redis has evicted one, its successor cannot bring old keys back.
 * - What this kind of page asked for last time comes with the generations, before anybody asks for it ({@see Prefetch}).
 *
 * What Redis cannot keep (no connection, value too large) is kept in memory for the request.
 */
final class ObjectCache
{
    private const MAX_VALUE_BYTES = 1 << 20;

    /** Nothing stays longer, so the keys of old generations go away without anyone looking for them. */
    private const MAX_SECONDS = 7 * 86400;

    /** What was fetched ahead counts for so long: a request that has waited for a payment, say, asks what is there by now. */
    private const FETCHED_SECONDS = 1.0;

    /** The field of the site's own generation; the other fields are groups that were flushed by themselves. */
    private const SITE = '';

    /**
     * What a page begins with: the site's generations, and values of any groups. KEYS: the generations. ARGV: the site's prefix, a new
     * generation, whether it is to be taken although there is one ("1"), then for each group its name, the number of ids, the ids.
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
     * What each of the scripts below begins with: a write is made into the generation that counts now. Where somebody has flushed since this
     * request began, others read from the database into the new one meanwhile, perhaps what this write is about to make untrue.
     *
     * KEYS: the generations. ARGV: the site's prefix, a new generation for a site that has none, the group, the number of ids, the ids, and what
     * the script itself takes ("more"). It answers with the two generations, and what the script returns.
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
     * INCRBY as WordPress defines it: only where the key exists (-1 says that it does not), never below zero, and the time to
     * live stays. More: the amount, and what a value counts as that is not stored as an integer; without it, -2 says that it is not.
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

    /** @var array<string, array<int|string, string|false>> group => id => as Redis has it, for who asks first; false: Redis has not got it */
    private array $fetched = [];

    private int $fetchedAt = 0; // ns

    /** @var array<string, array<int|string, true>> group => id => asked for by this request */
    private array $asked = [];

    /**
     * @param ?\Closure(): bool $mayBeOld whether what this request reads of the database may be older than what another has written
     * @param ?\Closure(): bool $hasWritten whether this request has changed something, or locked something: it wants to see what is there now
     */
    public function __construct(
        private readonly string $site,
        public readonly CacheCluster $cluster,
        private readonly ?Prefetch $prefetch = null,
        private readonly ?\Closure $mayBeOld = null,
        private readonly ?\Closure $hasWritten = null,
    ) {
    }

    public function get(mixed $key, string $group, bool $force = false, mixed &$found = null): mixed
    {
        // Nine of ten are answered here.
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

    /**
     * Redis decides what is there already, not this request's memory: WordPress and plugins build locks on it. But nobody locks with a row of the
     * database, and WordPress adds those again that it has just read from here.
     */
    public function add(array $values, string $group, int $expire): array
    {
        $results = array_fill_keys(array_keys($values), false);
        if (wp_suspend_cache_addition()) {
            return $results;
        }
        $known = self::holdsRows($group) ? array_filter($this->ids(array_keys($values), $group), fn (int|string $id) => $this->inMemory($id, $group)) : [];
        $unknown = array_diff_key($values, $known);

        return $unknown === [] ? $results : array_replace($results, $this->store($unknown, $group, $expire, 'NX'));
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
            unset($this->memory[$group][$id], $this->fetched[$group][$id]);
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
        unset($this->memory[$group][$id], $this->fetched[$group]);

        return $sum < 0 ? false : $this->memory[$group][$id] = $sum;
    }

    /** This site, and no other. */
    public function flush(): bool
    {
        $this->memory = $this->fetched = [];

        return $this->renewGeneration(self::SITE);
    }

    public function flushGroup(string $group): bool
    {
        unset($this->memory[$group], $this->fetched[$group]);

        return !$this->inRedis($group) || $this->renewGeneration($group);
    }

    /** For long jobs, which must not fill their memory: forgets what is known, not what is stored. */
    public function flushRuntime(): bool
    {
        $this->memory = $this->fetched = [];
        $this->generations = null;

        return true;
    }

    /** The request ends: its counts join the container's totals, and the next one of its kind gets at once what this one asked for. */
    public function close(): void
    {
        $this->prefetch?->keep($this->asked);
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
     * Makes memory what Redis has; leaves it alone when Redis does not answer.
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
        $fetched = $this->takeFetched($ids, $group, $force);
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
     * Each value once: who asks again, as for a lock to be free, wants to know what is there by now.
     *
     * @param list<int|string> $ids
     * @return array<int|string, string|false> by id
     */
    private function takeFetched(array $ids, string $group, bool $force): array
    {
        $ids = array_flip($ids);
        $fetched = array_intersect_key($this->fetched[$group] ?? [], $ids);
        if ($fetched === []) {
            return [];
        }
        $this->fetched[$group] = array_diff_key($this->fetched[$group], $ids);

        $isTooOld = hrtime(true) - $this->fetchedAt > self::FETCHED_SECONDS * 1e9;

        return $force || $isTooOld || ($this->hasWritten?->__invoke() ?? false) ? [] : $fetched;
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
            unset($this->fetched[$group][$id]);
            if ($results[$key]) {
                $this->memory[$group][$id] = self::copy($values[$key]);
            }
        }
        if ($condition !== '' && !self::holdsRows($group)) {
            // Perhaps a lock, and what it guards is asked for next.
            unset($this->fetched[$group]);
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
        return self::holdsRows($group) && ($this->mayBeOld?->__invoke() ?? false);
    }

    private static function holdsRows(string $group): bool
    {
        return preg_match(self::ROWS, $group) === 1;
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
        $stored = $fits === [] ? [] : $this->write($group, self::SET_ALL, array_intersect_key($ids, $fits), [$seconds, $condition, ...array_values($fits)]);
        $this->cluster->bytes += self::bytes($fits);
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
        $deleted = $this->write($group, self::DELETE_ALL, $ids);

        return is_array($deleted) ? array_combine(array_keys($ids), array_map(boolval(...), $deleted)) : null;
    }

    /**
     * A write that Redis did not see leaves an old value there: once it answers again, it starts from nothing for this site.
     *
     * @param array<int|string> $ids
     * @param list<int|string> $more what the script takes besides
     * @return list<int>|false|null what the script returned; false: Redis refused; null: it does not answer
     */
    private function write(string $group, string $script, array $ids, array $more = []): array|false|null
    {
        $this->generations ??= $this->begin();
        $arguments = [$this->generationsKey(), $this->sitePrefix(), self::newGeneration(), $group, count($ids), ...array_values($ids), ...$more];
        $answer = $this->generations === null ? null : $this->cluster->call(static fn (\RedisCluster $redis) => $redis->eval($script, $arguments, 1));
        if ($answer === null) {
            $this->missedWrites()->note();
        }
        if (!is_array($answer)) {
            return $answer;
        }
        [$ofSite, $ofGroup, $result] = $answer;
        if ($ofSite !== $this->generations[self::SITE] || $ofGroup !== ($this->generations[$group] ?? '')) {
            // Somebody has flushed.
            $this->generations = null;
            $this->fetched = [];
        }

        return $result;
    }

    /** @return array<string, string>|null the generations; null: Redis does not answer, or with an error, as while it loads or is out of memory */
    private function begin(): ?array
    {
        $missed = $this->missedWrites();
        $stale = $missed->take();
        $wanted = $this->prefetch?->take() ?? [];
        $arguments = [$this->generationsKey(), $this->sitePrefix(), self::newGeneration(), $stale ? '1' : ''];
        foreach ($wanted as $group => $ids) {
            array_push($arguments, $group, count($ids), ...$ids);
        }
        $answer = $this->cluster->call(static fn (\RedisCluster $redis) => $redis->eval(self::BEGIN, $arguments, 1));
        if (!is_array($answer)) {
            $stale && $missed->note();

            return null;
        }
        [$fields, $values] = $answer;
        $this->cluster->bytes += self::bytes($values);
        $this->fetchedAt = hrtime(true);
        foreach ($wanted as $group => $ids) {
            $this->fetched[$group] = array_combine($ids, array_splice($values, 0, count($ids)));
        }

        return array_column(array_chunk($fields, 2), 1, 0);
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

    /** @param array<string|false> $values */
    private static function bytes(array $values): int
    {
        return array_sum(array_map(strlen(...), array_filter($values, is_string(...))));
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
