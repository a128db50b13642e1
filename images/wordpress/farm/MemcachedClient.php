<?php

declare(strict_types=1);

namespace WpFarm;

/** The farm's Memcached, over connections that persist between requests. It is only a cache, so its timeouts are short. */
final class MemcachedClient extends \Memcached
{
    // The cost of this request, for Server-Timing.
    public static int $calls = 0;
    public static int $nanoseconds = 0;

    /** Bytes of the values sent and received. */
    public static int $bytes = 0;

    /** @param list<string> $servers host:port */
    public static function forServers(array $servers): self
    {
        $memcached = new self('farm');
        if ($memcached->getServerList() === []) {
            $memcached->setOptions([
                self::OPT_CONNECT_TIMEOUT => 100, // ms
                self::OPT_SEND_TIMEOUT => 100_000, // µs
                self::OPT_RECV_TIMEOUT => 100_000,
                self::OPT_POLL_TIMEOUT => 100, // ms
                self::OPT_SERVER_FAILURE_LIMIT => 1,
                self::OPT_RETRY_TIMEOUT => 5, // s
                self::OPT_BINARY_PROTOCOL => true,
                self::OPT_TCP_NODELAY => true,
            ]);
            $memcached->addServers(array_map(static fn (string $server) => [strtok($server, ':'), (int) strtok(':')], $servers));
        }

        return $memcached;
    }

    public function get(string $key, ?callable $cache_cb = null, int $get_flags = 0): mixed
    {
        return self::measured(fn () => parent::get($key, $cache_cb, $get_flags));
    }

    public function getMulti(array $keys, int $get_flags = 0): array|false
    {
        return self::measured(fn () => parent::getMulti($keys, $get_flags));
    }

    public function set(string $key, mixed $value, int $expiration = 0): bool
    {
        return self::measured(fn () => parent::set($key, $value, $expiration), $value);
    }

    public function add(string $key, mixed $value, int $expiration = 0): bool
    {
        return self::measured(fn () => parent::add($key, $value, $expiration), $value);
    }

    public function cas(string|int|float $cas_token, string $key, mixed $value, int $expiration = 0): bool
    {
        return self::measured(fn () => parent::cas($cas_token, $key, $value, $expiration), $value);
    }

    public function delete(string $key, int $time = 0): bool
    {
        return self::measured(fn () => parent::delete($key, $time));
    }

    private static function measured(\Closure $command, mixed $sent = null): mixed
    {
        $started = hrtime(true);
        $answer = $command();
        self::$nanoseconds += hrtime(true) - $started;
        ++self::$calls;
        self::$bytes += (is_string($sent) ? strlen($sent) : 0) + (is_string($answer) ? strlen($answer) : 0);

        return $answer;
    }
}
