<?php

declare(strict_types=1);

namespace WpFarm;

/** The CPU and memory that this container uses, and its limits, from its control group (version 2 or 1). No limit means the host's size. */
final class Cgroup
{
    private function __construct(
        public readonly float $cpuSeconds,
        public readonly float $cpuCores,
        public readonly int $memory,
        public readonly int $memoryLimit,
    ) {
    }

    /** @throws \UnexpectedValueException when a file is missing or is not in the format that the kernel documents */
    public static function read(string $folder = '/sys/fs/cgroup', string $host = '/proc'): self
    {
        return file_exists("$folder/cgroup.controllers") ? self::version2($folder, $host) : self::version1($folder, $host);
    }

    /** https://docs.kernel.org/admin-guide/cgroup-v2.html */
    private static function version2(string $folder, string $host): self
    {
        [$quota, $period] = explode(' ', self::text("$folder/cpu.max"));

        return new self(
            self::entry("$folder/cpu.stat", 'usage_usec') / 1e6,
            min($quota === 'max' ? INF : (int) $quota / (int) $period, (float) self::cores($host)),
            self::inUse(self::text("$folder/memory.current"), self::entry("$folder/memory.stat", 'inactive_file')),
            self::limit(self::text("$folder/memory.max"), $host),
        );
    }

    /** https://docs.kernel.org/admin-guide/cgroup-v1/ */
    private static function version1(string $folder, string $host): self
    {
        $quota = (int) self::text("$folder/cpu/cpu.cfs_quota_us");
        $inactive = self::entry("$folder/memory/memory.stat", 'total_inactive_file');

        return new self(
            (int) self::text("$folder/cpuacct/cpuacct.usage") / 1e9,
            min($quota <= 0 ? INF : $quota / (int) self::text("$folder/cpu/cpu.cfs_period_us"), (float) self::cores($host)),
            self::inUse(self::text("$folder/memory/memory.usage_in_bytes"), $inactive),
            self::limit(self::text("$folder/memory/memory.limit_in_bytes"), $host),
        );
    }

    /** The working set, as cAdvisor computes it: the kernel frees inactive file cache before it kills a process. */
    private static function inUse(string $usage, int $inactive): int
    {
        return max(0, (int) $usage - $inactive);
    }

    private static function limit(string $limit, string $host): int
    {
        $total = 1024 * self::entry("$host/meminfo", 'MemTotal:');

        return $limit === 'max' ? $total : min((int) $limit, $total);
    }

    private static function cores(string $host): int
    {
        return preg_match_all('/^processor\s*:/m', self::text("$host/cpuinfo"));
    }

    private static function entry(string $file, string $key): int
    {
        return preg_match('/^' . preg_quote($key, '/') . '\s+(\d+)/m', self::text($file), $found) === 1
            ? (int) $found[1]
            : throw new \UnexpectedValueException("$file has no $key");
    }

    private static function text(string $file): string
    {
        $text = @file_get_contents($file);

        return $text === false ? throw new \UnexpectedValueException("$file cannot be read") : trim($text);
    }
}
