<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * A cache in the memory that the PHP processes of this container share (APCu). Reading it needs no round trip. It is lost with the
 * container, so it holds only what can be computed again.
 */
final class ProcessCache
{
    /** The share of the memory that stays free. When APCu is full, it drops all its entries, the counters too. */
    private const FREE_SHARE = 0.25;

    private const PREFIX = 'farm:process-cache:';

    /** @return mixed false when there is no such entry */
    public static function fetch(string $name): mixed
    {
        return apcu_enabled() ? apcu_fetch(self::PREFIX . $name) : false;
    }

    /** Stores nothing when there is no room. */
    public static function store(string $name, mixed $value): void
    {
        if (!apcu_enabled()) {
            return;
        }
        $memory = apcu_sma_info(true);
        if ($memory['avail_mem'] > self::FREE_SHARE * $memory['num_seg'] * $memory['seg_size']) {
            apcu_store(self::PREFIX . $name, $value);
        }
    }
}
