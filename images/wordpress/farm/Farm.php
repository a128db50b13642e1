<?php

declare(strict_types=1);

namespace WpFarm;

/** The farm as /etc/farm/farm.php describes it. The file is rendered from farm.json. PHP keeps it in opcache, so reading it is cheap. */
final class Farm
{
    private const FILE = '/etc/farm/farm.php';

    private static ?self $current = null;

    /** @param array<string, mixed> $config */
    private function __construct(private readonly array $config)
    {
    }

    public static function current(): self
    {
        return self::$current ??= new self(require self::FILE);
    }

    /** Makes the next request read the file again. False when opcache is off. */
    public static function reread(): bool
    {
        return opcache_invalidate(self::FILE, true);
    }

    public function site(string $id): ?Site
    {
        $site = $this->config['sites'][$id] ?? null;

        return $site === null ? null : new Site($id, $site);
    }

    public function siteOfHost(string $host): ?Site
    {
        $id = $this->config['hosts'][$host] ?? null;

        return $id === null ? null : $this->site($id);
    }

    /** @return list<Site> */
    public function sites(): array
    {
        return array_map($this->site(...), array_map(strval(...), array_keys($this->config['sites'])));
    }

    /** Whether this container shows restored data and has no access to the live farm. */
    public function isScratch(): bool
    {
        return $this->config['scratch'] === 1;
    }

    /** @return list<string> host:port of the cluster's nodes; empty when the farm has no Redis */
    public function redis(): array
    {
        return $this->config['redis'];
    }

    /** @return list<string> host:port */
    public function memcached(): array
    {
        return $this->config['memcached'];
    }

    /** Whether results of database queries are cached in Memcached. */
    public function queryCache(): bool
    {
        return $this->config['query_cache'] === 1;
    }

    /** host:port; the name resolves to every Varnish. Empty when the farm has no Varnish. */
    public function varnish(): string
    {
        return $this->config['varnish'];
    }

    /** host:port of the proxy to the internet. Empty: this container has no way out. */
    public function egress(): string
    {
        return $this->config['egress'];
    }

    /** host:port of the mail server. Empty: this container sends no mail. */
    public function mail(): string
    {
        return $this->config['mail'];
    }

    /** Seconds for which the shared caches keep a page. */
    public function pageTtl(): int
    {
        return $this->config['page_ttl'];
    }

    /** Hours for which they may serve an expired page while no new one can be fetched. */
    public function graceHours(): int
    {
        return $this->config['grace_hours'];
    }

    /** host:port of the listener for the one server that accepts writes. */
    public function databaseWriter(): string
    {
        return $this->config['database']['writer'];
    }

    /** host:port of the listener for the servers that answer reads. */
    public function databaseReader(): string
    {
        return $this->config['database']['reader'];
    }
}
