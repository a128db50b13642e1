<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The connection to the Redis Cluster, made on first use, behind a circuit breaker.
 *
 * A cluster that does not answer costs a request its timeouts once. From then on the requests of this container do without,
 * and every few seconds one of them asks again.
 */
final class CacheCluster
{
    private const CONNECT_SECONDS = 0.25;
    private const READ_SECONDS = 1.0;
    private const RETRY_SECONDS = 5;

    private const DOWN = 'farm:redis:down';
    private const PROBE = 'farm:redis:probe';

    public int $calls = 0;
    public int $nanoseconds = 0;

    private ?\RedisCluster $redis = null;
    private ?bool $usable = null;
    private bool $probing = false;

    /** @param list<string> $seeds host:port */
    public function __construct(private readonly array $seeds)
    {
    }

    /**
     * @template T
     * @param callable(\RedisCluster): T $command
     * @return T|null null when the cluster cannot be reached
     */
    public function call(callable $command): mixed
    {
        if (!$this->isUsable()) {
            return null;
        }
        $started = hrtime(true);
        try {
            $result = $command($this->redis ??= self::connect($this->seeds));
            if ($this->probing) {
                $this->close();
            }

            return $result;
        } catch (\RedisClusterException | \RedisException $problem) {
            $this->open($problem);

            return null;
        } finally {
            ++$this->calls;
            $this->nanoseconds += hrtime(true) - $started;
        }
    }

    /** @param list<string> $seeds */
    public static function connect(array $seeds): \RedisCluster
    {
        // The warnings about single nodes are silenced; when none can be reached there is an exception.
        $redis = @new \RedisCluster(null, $seeds, self::CONNECT_SECONDS, self::READ_SECONDS, true);
        // A replica answers reads while its master is gone.
        $redis->setOption(\RedisCluster::OPT_SLAVE_FAILOVER, \RedisCluster::FAILOVER_ERROR);

        return $redis;
    }

    /** Whether the requests of this container do without. */
    public static function isDown(): bool
    {
        return self::isShared() && apcu_exists(self::DOWN);
    }

    private function isUsable(): bool
    {
        return $this->usable ??= !self::isDown() || $this->probing = apcu_add(self::PROBE, 1, self::RETRY_SECONDS);
    }

    private function open(\Exception $problem): void
    {
        error_log("farm-cache: Redis does not answer ({$problem->getMessage()}); going on without it");
        $this->usable = false;
        $this->redis = null;
        if (self::isShared()) {
            apcu_store(self::PROBE, 1, self::RETRY_SECONDS);
            apcu_store(self::DOWN, 1);
        }
    }

    private function close(): void
    {
        error_log('farm-cache: Redis answers again');
        $this->probing = false;
        apcu_delete(self::DOWN);
    }

    /** On the command line there is no shared memory: a process then learns for itself. */
    private static function isShared(): bool
    {
        return apcu_enabled();
    }
}
