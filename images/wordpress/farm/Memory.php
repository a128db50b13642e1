<?php

declare(strict_types=1);

namespace WpFarm;

/** The farm's Memcached, over connections that outlive the request. It is a cache: when it does not answer, nothing waits for it. */
final class Memory
{
    /** @param list<string> $servers host:port */
    public static function of(array $servers): \Memcached
    {
        $memcached = new \Memcached('farm');
        if ($memcached->getServerList() === []) {
            $memcached->setOptions([
                \Memcached::OPT_CONNECT_TIMEOUT => 100, // ms
                \Memcached::OPT_SEND_TIMEOUT => 100_000, // µs
                \Memcached::OPT_RECV_TIMEOUT => 100_000,
                \Memcached::OPT_POLL_TIMEOUT => 100, // ms
                \Memcached::OPT_SERVER_FAILURE_LIMIT => 1,
                \Memcached::OPT_RETRY_TIMEOUT => 5, // s
                \Memcached::OPT_BINARY_PROTOCOL => true,
                \Memcached::OPT_TCP_NODELAY => true,
            ]);
            $memcached->addServers(array_map(static fn (string $server) => [strtok($server, ':'), (int) strtok(':')], $servers));
        }

        return $memcached;
    }
}
