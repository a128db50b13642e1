<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The connection to the Redis Cluster, made on first use, behind a circuit breaker.
 *
 * The request that finds the cluster gone pays its timeouts and opens the breaker; the requests of this container then do
 * without. No request pays for asking again: /healthz, which looks after it has answered, closes the breaker.
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

    /** Of values, both ways. */
    public int $bytes = 0;

    private ?\RedisCluster $redis = null;
    private bool $failed = false;

    /** @param list<string> $nodes host:port; empty: there is none, and nothing is asked */
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
                ++$this->calls; // for the map of the cluster
            }

            return $command($this->redis);
        } catch (\RedisClusterException $problem) {
            error_log("farm-cache: Redis does not answer ({$problem->getMessage()}); going on without it");
            $this->failed = true;
            self::open();

            return null;
        } finally {
            ++$this->calls;
            $this->nanoseconds += hrtime(true) - $started;
        }
    }

    /**
     * Asks the cluster itself, whatever is known, and lets the requests of this container know. Every master is asked: the
     * cluster goes on calling itself well for some seconds after one of them has died.
     *
     * @param list<string> $nodes
     */
    public static function look(array $nodes): bool
    {
        try {
            $redis = self::connect($nodes);
            $info = $redis->rawCommand('health', 'CLUSTER', 'INFO');
            $up = is_string($info) && str_contains($info, 'cluster_state:ok')
                && array_filter($redis->_masters(), static fn (array $master) => !$redis->ping($master)) === [];
        } catch (\RedisClusterException) {
            $up = false;
        }
        $up ? self::close() : self::open();

        return $up;
    }

    /** Whether the requests of this container do without. On the command line a process learns for itself. */
    public static function isDown(): bool
    {
        return apcu_enabled() && apcu_exists(self::DOWN);
    }

    private static function open(): void
    {
        if (apcu_enabled()) {
            apcu_store(self::DOWN, 1);
            apcu_delete(self::SEED);
        }
    }

    private static function close(): void
    {
        if (apcu_enabled() && apcu_delete(self::DOWN)) {
            error_log('farm-cache: Redis answers again');
        }
    }

    /**
     * A connection begins by asking one node, chosen at random, for the map of the cluster. A node that is gone would cost one
     * request in six its timeout, so the containers' requests ask one that has answered before. (phpredis can keep the map
     * itself, but does not notice that its addresses are another container's by now.)
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
     * Replicas are not asked while their master is gone: each read would first wait for the master. The few seconds until one
     * of them takes over pass without the cache.
     *
     * @param list<string> $seeds
     */
    private static function connectThrough(array $seeds): \RedisCluster
    {
        // The warnings about single nodes are silenced; when none can be reached there is an exception.
        return @new \RedisCluster(null, $seeds, self::CONNECT_SECONDS, self::READ_SECONDS, true, Secrets::read(self::SECRET));
    }
}
