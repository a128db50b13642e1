<?php

/**
 * Tests how a container reads its control group, from files in the format that kernels write. Needs no other service:
 *
 *     php /usr/local/lib/wpfarm/tests/cgroup-test.php
 *
 * Prints TAP; exits with 1 when a test fails.
 */

declare(strict_types=1);

use WpFarm\Cgroup;

require '/usr/local/lib/wpfarm/autoload.php';

require __DIR__ . '/tap.php';

/** @param array<string, string> $files path => content */
function cgroup(array $files): Cgroup
{
    $folder = sys_get_temp_dir() . '/cgroup-test-' . getmypid() . '-' . ++$GLOBALS['folders'];
    $host = [
        'proc/meminfo' => "MemTotal:        2000 kB\nMemFree:         1000 kB\n",
        'proc/cpuinfo' => "processor\t: 0\nmodel name\t: x\n\nprocessor\t: 1\n",
    ];
    foreach ($files + $host as $path => $content) {
        @mkdir(dirname("$folder/$path"), recursive: true);
        file_put_contents("$folder/$path", $content);
    }
    try {
        return Cgroup::read($folder, "$folder/proc");
    } finally {
        $entries = new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS);
        foreach (new RecursiveIteratorIterator($entries, RecursiveIteratorIterator::CHILD_FIRST) as $entry) {
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
$unlimited2 = ['cpu.max' => "max 100000\n", 'memory.max' => "max\n"] + $version2;
is($values(cgroup($unlimited2)), [2.5, 2.0, 300000, 2048000], 'version 2 without limits: the limits are those of the host');
$unlimited1 = ['cpu/cpu.cfs_quota_us' => "-1\n", 'memory/memory.limit_in_bytes' => "9223372036854771712\n"] + $version1;
is($values(cgroup($unlimited1)), [2.5, 2.0, 300000, 2048000], 'version 1 without limits: the limits are those of the host');
is(cgroup(['cpu.max' => "800000 100000\n"] + $version2)->cpuCores, 2.0, 'a limit above the number of the host\'s cores is that number');
try {
    cgroup(['memory.stat' => "anon 1\n"] + $version2);
    is('nothing', 'an exception', 'the exception names what is missing');
} catch (UnexpectedValueException $e) {
    is(str_ends_with($e->getMessage(), '/memory.stat has no inactive_file'), true, 'the exception names what is missing');
}
$own = Cgroup::read();
is([$own->cpuSeconds > 0, $own->cpuCores > 0, $own->memory > 0], [true, true, true], 'the group of this container can be read');
is($own->memory < $own->memoryLimit, true, 'the memory that it uses is below its limit');

echo "1..$count\n";
exit($failures === 0 ? 0 : 1);
