<?php

/**
 * Plugin Name: Farm: server timing
 * Description: Says in a Server-Timing header what a page has cost, and counts pages and their time.
 */

declare(strict_types=1);

namespace WpFarm;

/*
 * The figures are known at the end and headers go first, so the page waits in a buffer. Downloads can be larger than memory:
 * the buffer lets go at this size, with the figures up to there.
 */
const TIMING_BUFFER_BYTES = 1 << 20;

if (PHP_SAPI !== 'cli') {
    ob_start(static function (string $page): string {
        if (!headers_sent()) {
            $cache = $GLOBALS['wp_object_cache']->farm;
            $database = $GLOBALS['wpdb'] instanceof Database ? $GLOBALS['wpdb'] : null;
            header(sprintf(
                'Server-Timing: cache;desc="hits=%d,misses=%d,calls=%d,bytes=%d";dur=%.1f, memory;desc="calls=%d,bytes=%d";dur=%.1f, '
                    . 'db;desc="connections=%d,queries=%d";dur=%.1f, php;dur=%.1f',
                $cache->cache_hits,
                $cache->cache_misses,
                $cache->cluster->calls,
                $cache->cluster->bytes,
                $cache->cluster->nanoseconds / 1e6,
                Memory::$calls,
                Memory::$bytes,
                Memory::$nanoseconds / 1e6,
                $database?->opened,
                get_num_queries(),
                $database?->nanoseconds / 1e6,
                (microtime(true) - $_SERVER['REQUEST_TIME_FLOAT']) * 1e3,
            ));
        }

        return $page;
    }, TIMING_BUFFER_BYTES);

    // Before the page is sent, so that a slow visitor is not taken for a slow server. Nobody waits for cron.
    if (!wp_doing_cron()) {
        add_action('shutdown', static function (): void {
            Counters::add('pages', FARM_SITE, 1);
            Counters::add('page_microseconds', FARM_SITE, (int) ((microtime(true) - $_SERVER['REQUEST_TIME_FLOAT']) * 1e6));
        }, PHP_INT_MIN);
    }
}
