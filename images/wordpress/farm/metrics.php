<?php

/** /metrics/cache: how the requests of this container have used the object cache and the query cache, for Prometheus. */

declare(strict_types=1);

use WpFarm\CacheCluster;
use WpFarm\Counters;

require '/usr/local/lib/wpfarm/autoload.php';

const METRICS = [
    ['wpfarm_object_cache_hits_total', 'Values found.', 'hits', 1],
    ['wpfarm_object_cache_misses_total', 'Values not found.', 'misses', 1],
    ['wpfarm_object_cache_redis_calls_total', 'Round trips to Redis.', 'calls', 1],
    ['wpfarm_object_cache_redis_seconds_total', 'Time spent waiting for Redis.', 'microseconds', 1e6],
    ['wpfarm_query_cache_hits_total', 'Database queries answered from Memcached.', 'query_hits', 1],
    ['wpfarm_query_cache_misses_total', 'Cacheable database queries that were not in Memcached.', 'query_misses', 1],
];

header('Content-Type: text/plain; version=0.0.4; charset=utf-8');
foreach (METRICS as [$metric, $help, $counter, $unit]) {
    echo "# HELP $metric $help\n# TYPE $metric counter\n";
    foreach (Counters::bySite($counter) as $site => $total) {
        printf("%s{site=\"%s\"} %s\n", $metric, $site, $total / $unit);
    }
}
echo "# HELP wpfarm_object_cache_up Whether requests use Redis (0: it does not answer, and requests continue without it).\n";
echo "# TYPE wpfarm_object_cache_up gauge\n";
echo 'wpfarm_object_cache_up ', CacheCluster::isDown() ? 0 : 1, "\n";
