<?php

/** /metrics/container: what this container uses, its limits, and the pages that it has rendered, for Prometheus. */

declare(strict_types=1);

use WpFarm\Cgroup;
use WpFarm\Counters;
use WpFarm\Workers;

require '/usr/local/lib/wpfarm/autoload.php';

$cgroup = Cgroup::read();

$pageSeconds = array_sum(Counters::bySite('page_microseconds')) / 1e6;
header('Content-Type: text/plain; version=0.0.4; charset=utf-8');
foreach ([
    ['wpfarm_container_cpu_seconds_total', 'counter', 'CPU time that the container has used.', $cgroup->cpuSeconds],
    ['wpfarm_container_cpu_limit_cores', 'gauge', 'CPU cores that the container may use.', $cgroup->cpuCores],
    ['wpfarm_container_memory_bytes', 'gauge', 'Memory that the container uses, without inactive file cache.', $cgroup->memory],
    ['wpfarm_container_memory_limit_bytes', 'gauge', 'Memory that the container may use.', $cgroup->memoryLimit],
    ['wpfarm_container_php_requests', 'gauge', 'Requests that PHP of the sites works on, or that wait for it.', Workers::requests()],
    ['wpfarm_pages_total', 'counter', 'Pages that WordPress has rendered, without cron.', array_sum(Counters::bySite('pages'))],
    ['wpfarm_page_seconds_total', 'counter', 'Time that WordPress has taken to render them.', $pageSeconds],
] as [$metric, $type, $help, $value]) {
    echo "# HELP $metric $help\n# TYPE $metric $type\n$metric $value\n";
}
