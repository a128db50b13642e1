<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * What is kept beside PHP, in the memory that the requests of this container share (APCu): no round trip, and lost with the container. Only for what
 * can be made again.
 */
final class Beside
{
    /** Part of the memory that stays free: when it is full, APCu forgets everything, counters too. */
    private const FREE = 0.25;

    public static function fetch(string $name): mixed
    {
        return apcu_enabled() ? apcu_fetch("farm:beside:$name") : false;
    }

    /** Or not, when there is no room. */
    public static function store(string $name, mixed $value): void
    {
        if (!apcu_enabled()) {
            return;
        }
        $memory = apcu_sma_info(true);
        if ($memory['avail_mem'] > self::FREE * $memory['num_seg'] * $memory['seg_size']) {
            apcu_store("farm:beside:$name", $value);
        }
    }
}
