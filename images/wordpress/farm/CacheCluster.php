<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The connection to the Redis Cluster, opened on first use, behind a circuit breaker.
 *
 * The request that finds the cluster down waits for its timeouts and opens the breaker; the container's other requests then continue
 * without Redis. No request waits to find out whether Redis is back: /healthz checks that after it has answered, and closes the breaker.
 */
final class CacheCluster
{
    private const CONNECT_SECONDS = 0.25;
    private const READ_SECONDS = 1.0;

    public const SECRET = 'redis-password';

    private const DOWN = 'farm:redis:down';
    private const SEED = 'farm:redis:seed';

    public int $calls = 0;
    public int $nanoseconds = 0;

    /** Bytes of the values sent and received. */
    public int $bytes = 0;

    private ?\RedisCluster $redis = null;
    private bool $failed = false;

    /** @param list<string> $nodes host:port; empty: the farm has no Redis, and call() returns null */
    public function __construct(private readonly array $nodes)
    {
    }

    /**
     * @template T
     * @param callable(\RedisCluster): T $command
     * @return T|null null when the cluster cannot be reached
     */
    public function call(callable $command): mixed
    {
        if ($this->nodes === [] || $this->failed || ($this->redis === null && self::isDown())) {
            return null;
        }
        $started = hrtime(true);
        try {
            if ($this->redis === null) {
                $this->redis = self::connect($this->nodes);
                ++$this->calls; // for the slot map of the cluster
            }

            return $command($this->redis);
        } catch (\RedisClusterException $problem) {
            error_log("farm-cache: Redis does not answer ({$problem->getMessage()}); requests continue without it");
            $this->failed = true;
            self::openBreaker();

            return null;
        } finally {
            ++$this->calls;
            $this->nanoseconds += hrtime(true) - $started;
        }
    }

    /**
     * Asks the cluster whatever the state of the breaker is, and sets the breaker. It asks every master, because the cluster reports "ok"
     * for some seconds after one of them has died.
     *
     * @param list<string> $nodes
     */
    public static function check(array $nodes): bool
    {
        try {
            $redis = self::connect($nodes);
            $info = $redis->rawCommand('health', 'CLUSTER', 'INFO');
            $up = is_string($info) && str_contains($info, 'cluster_state:ok')
                && array_filter($redis->_masters(), static fn (array $master) => !$redis->ping($master)) === [];
        } catch (\RedisClusterException) {
            $up = false;
        }
        $up ? self::closeBreaker() : self::openBreaker();

        return $up;
    }

    /** Whether the breaker is open. On the command line there is no shared breaker: each process finds out for itself. */
    public static function isDown(): bool
    {
        return apcu_enabled() && apcu_exists(self::DOWN);
    }

    private static function openBreaker(): void
    {
        if (apcu_enabled()) {
            apcu_store(self::DOWN, 1);
            apcu_delete(self::SEED);
        }
    }

    private static function closeBreaker(): void
    {
        if (apcu_enabled() && apcu_delete(self::DOWN)) {
            error_log('farm-cache: Redis answers again');
        }
    }

    /**
     * A connection begins by asking one node, chosen at random, for the slot map of the cluster. With six nodes, one that is down would
     * cost one request in six its timeout, so the container's requests ask a node that has answered before. (phpredis can cache the map,
     * but does not notice when an address now belongs to another container.)
     */
    private static function connect(array $nodes): \RedisCluster
    {
        $seed = apcu_enabled() ? apcu_fetch(self::SEED) : false;
        if ($seed !== false) {
            try {
                return self::connectThrough([$seed]);
            } catch (\RedisClusterException) {
                apcu_delete(self::SEED);
            }
        }
        $redis = self::connectThrough($nodes);
        if (apcu_enabled()) {
            apcu_store(self::SEED, implode(':', $redis->_masters()[0]));
        }

        return $redis;
    }

    /**
     * Reads do not fall back to a replica while its master is down: each read would wait for the master first. For the few seconds until
     * a replica is promoted, requests continue without the cache.
     *
     * @param list<string> $seeds
     */
    private static function connectThrough(array $seeds): \RedisCluster
    {
        // Silences the warnings about single nodes. When no node can be reached, the constructor throws.
        return @new \RedisCluster(null, $seeds, self::CONNECT_SECONDS, self::READ_SECONDS, true, self::password());
    }

    /** The farm's own PHP reads the key; PHP of a site cannot, and has it from the site's secrets. */
    private static function password(): string
    {
        return Secrets::has(self::SECRET) ? Secrets::read(self::SECRET) : SiteSecrets::of(FARM_SITE)[self::SECRET];
    }
}
