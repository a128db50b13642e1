<?php

/**
 * Plugin Name: Farm: server timing
 * Description: Reports the cost of a page in a Server-Timing header, and counts pages and their time.
 */

declare(strict_types=1);

namespace WpFarm;

/*
 * The figures are known at the end of a page, and the headers are sent before it, so a buffer holds the page. A download can be larger
 * than the memory: at this size the buffer is sent, with the figures up to then.
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
                MemcachedClient::$calls,
                MemcachedClient::$bytes,
                MemcachedClient::$nanoseconds / 1e6,
                $database?->opened,
                get_num_queries(),
                $database?->nanoseconds / 1e6,
                (microtime(true) - $_SERVER['REQUEST_TIME_FLOAT']) * 1e3,
            ));
        }

        return $page;
    }, TIMING_BUFFER_BYTES);

    // Counts before the page is sent, so that a slow visitor does not look like a slow server. Leaves cron out: no visitor waits for it.
    if (!wp_doing_cron()) {
        add_action('shutdown', static function (): void {
            Counters::add('pages', FARM_SITE, 1);
            Counters::add('page_microseconds', FARM_SITE, (int) ((microtime(true) - $_SERVER['REQUEST_TIME_FLOAT']) * 1e6));
        }, PHP_INT_MIN);
    }
}
