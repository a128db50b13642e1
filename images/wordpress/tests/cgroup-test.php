<?php

/**
 * What a container reads of its control group, from files as kernels write them. Needs nothing:
 *
 *     php /usr/local/lib/wpfarm/tests/cgroup-test.php
 *
 * Prints TAP; exits with 1 when something is not ok.
 */

declare(strict_types=1);

use WpFarm\Cgroup;

require '/usr/local/lib/wpfarm/autoload.php';

require __DIR__ . '/tap.php';

/** @param array<string, string> $files path => content */
function cgroup(array $files): Cgroup
{
    $folder = sys_get_temp_dir() . '/cgroup-test-' . getmypid() . '-' . ++$GLOBALS['folders'];
    foreach ($files + ['proc/meminfo' => "MemTotal:        2000 kB\nMemFree:         1000 kB\n", 'proc/cpuinfo' => "processor\t: 0\nmodel name\t: x\n\nprocessor\t: 1\n"] as $path => $content) {
        @mkdir(dirname("$folder/$path"), recursive: true);
        file_put_contents("$folder/$path", $content);
    }
    try {
        return Cgroup::read($folder, "$folder/proc");
    } finally {
        foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::CHILD_FIRST) as $entry) {
            $entry->isDir() ? rmdir($entry->getPathname()) : unlink($entry->getPathname());
        }
        rmdir($folder);
    }
}

$folders = 0;
$version2 = [
    'cgroup.controllers' => "cpu memory\n",
    'cpu.stat' => "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n",
    'cpu.max' => "150000 100000\n",
    'memory.current' => "500000\n",
    'memory.stat' => "anon 100\ninactive_file 200000\nactive_file 7\n",
    'memory.max' => "1000000\n",
];
$version1 = [
    'cpuacct/cpuacct.usage' => "2500000000\n",
    'cpu/cpu.cfs_quota_us' => "150000\n",
    'cpu/cpu.cfs_period_us' => "100000\n",
    'memory/memory.usage_in_bytes' => "500000\n",
    'memory/memory.stat' => "inactive_file 1\ntotal_inactive_file 200000\n",
    'memory/memory.limit_in_bytes' => "1000000\n",
];
$values = static fn (Cgroup $read): array => [$read->cpuSeconds, $read->cpuCores, $read->memory, $read->memoryLimit];

is($values(cgroup($version2)), [2.5, 1.5, 300000, 1000000], 'version 2');
is($values(cgroup($version1)), [2.5, 1.5, 300000, 1000000], 'version 1');
is($values(cgroup(['cpu.max' => "max 100000\n", 'memory.max' => "max\n"] + $version2)), [2.5, 2.0, 300000, 2048000], 'version 2 without limits: those of the host');
is($values(cgroup(['cpu/cpu.cfs_quota_us' => "-1\n", 'memory/memory.limit_in_bytes' => "9223372036854771712\n"] + $version1)), [2.5, 2.0, 300000, 2048000], 'version 1 without limits: those of the host');
is(cgroup(['cpu.max' => "800000 100000\n"] + $version2)->cpuCores, 2.0, 'more than the host has is what the host has');
try {
    cgroup(['memory.stat' => "anon 1\n"] + $version2);
    is('nothing', 'an exception', 'what is missing is said');
} catch (UnexpectedValueException $e) {
    is(str_ends_with($e->getMessage(), '/memory.stat has no inactive_file'), true, 'what is missing is said');
}
$own = Cgroup::read();
is($own->cpuSeconds > 0 && $own->cpuCores > 0 && $own->memory > 0 && $own->memory < $own->memoryLimit, true, 'the own group of this container can be read');

echo "1..$count\n";
exit($failures === 0 ? 0 : 1);
