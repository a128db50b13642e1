<?php

/**
 * Drop-in: WordPress's cache functions on the farm's object cache.
 *
 * @see WpFarm\ObjectCache
 */

declare(strict_types=0); // WordPress and its plugins pass whatever they have.

use WpFarm\CacheCluster;
use WpFarm\Counters;
use WpFarm\Database;
use WpFarm\Farm;
use WpFarm\ObjectCache;

function wp_cache_init()
{
    $mayBeOld = static fn (): bool => ($GLOBALS['wpdb'] ?? null) instanceof Database && $GLOBALS['wpdb']->mayBeOld();
    $GLOBALS['wp_object_cache'] = new ObjectCache(FARM_SITE, new CacheCluster(Farm::current()->redis()), $mayBeOld);
}

function farm_object_cache(): ObjectCache
{
    return $GLOBALS['wp_object_cache'];
}

function wp_cache_get($key, $group = '', $force = false, &$found = null)
{
    return farm_object_cache()->get($key, $group ?: 'default', $force, $found);
}

function wp_cache_get_multiple($keys, $group = '', $force = false)
{
    return farm_object_cache()->getMultiple($keys, $group ?: 'default', $force);
}

function wp_cache_set($key, $data, $group = '', $expire = 0)
{
    return farm_cache_single(wp_cache_set_multiple(...), $key, $data, $group, $expire);
}

function wp_cache_set_multiple(array $data, $group = '', $expire = 0)
{
    return farm_object_cache()->set($data, $group ?: 'default', (int) $expire);
}

function wp_cache_add($key, $data, $group = '', $expire = 0)
{
    return farm_cache_single(wp_cache_add_multiple(...), $key, $data, $group, $expire);
}

function wp_cache_add_multiple(array $data, $group = '', $expire = 0)
{
    return farm_object_cache()->add($data, $group ?: 'default', (int) $expire);
}

function wp_cache_replace($key, $data, $group = '', $expire = 0)
{
    $replace = static fn (array $data, $group, $expire) => farm_object_cache()->replace($data, $group ?: 'default', (int) $expire);

    return farm_cache_single($replace, $key, $data, $group, $expire);
}

function wp_cache_delete($key, $group = '')
{
    return in_array(true, wp_cache_delete_multiple([$key], $group), true);
}

function wp_cache_delete_multiple(array $keys, $group = '')
{
    return farm_object_cache()->delete($keys, $group ?: 'default');
}

function wp_cache_incr($key, $offset = 1, $group = '')
{
    return farm_object_cache()->increment($key, (int) $offset, $group ?: 'default');
}

function wp_cache_decr($key, $offset = 1, $group = '')
{
    return farm_object_cache()->increment($key, -(int) $offset, $group ?: 'default');
}

function wp_cache_flush()
{
    return farm_object_cache()->flush();
}

function wp_cache_flush_runtime()
{
    return farm_object_cache()->flushRuntime();
}

function wp_cache_flush_group($group)
{
    return farm_object_cache()->flushGroup($group ?: 'default');
}

function wp_cache_supports($feature)
{
    return in_array($feature, ['add_multiple', 'set_multiple', 'get_multiple', 'delete_multiple', 'flush_runtime', 'flush_group'], true);
}

function wp_cache_add_global_groups($groups)
{
    farm_object_cache()->addGlobalGroups($groups);
}

function wp_cache_add_non_persistent_groups($groups)
{
    farm_object_cache()->addMemoryOnlyGroups($groups);
}

function wp_cache_switch_to_blog($blog_id)
{
    farm_object_cache()->switchToBlog((int) $blog_id);
}

function wp_cache_reset()
{
    _deprecated_function(__FUNCTION__, '3.5.0', 'wp_cache_switch_to_blog()');
    farm_object_cache()->flushRuntime();
}

/** The last thing in a request: its counts join the container's totals. */
function wp_cache_close()
{
    $cache = farm_object_cache();
    Counters::add('hits', FARM_SITE, $cache->cache_hits);
    Counters::add('misses', FARM_SITE, $cache->cache_misses);
    Counters::add('calls', FARM_SITE, $cache->cluster->calls);
    Counters::add('microseconds', FARM_SITE, intdiv($cache->cluster->nanoseconds, 1000));

    return true;
}

/** One key through the function for many. A key that cannot be one (null, an array) is refused, as WordPress does. */
function farm_cache_single(callable $store, $key, $data, $group, $expire)
{
    return (is_int($key) || is_string($key)) && in_array(true, $store([$key => $data], $group, $expire), true);
}
