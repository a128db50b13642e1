<?php

/**
 * Drop-in: WordPress's object cache, kept in the farm's Redis Cluster. The class has the name and the methods of WordPress's own class,
 * because plugins call the methods, and check the name before they free memory.
 *
 * @see WpFarm\ObjectCache
 */

declare(strict_types=0); // WordPress and its plugins pass values of any type.

use WpFarm\CacheCluster;
use WpFarm\Database;
use WpFarm\Farm;
use WpFarm\ObjectCache;
use WpFarm\Prefetch;

#[AllowDynamicProperties]
class WP_Object_Cache
{
    public int $cache_hits { get => $this->farm->cache_hits; }

    public int $cache_misses { get => $this->farm->cache_misses; }

    /** The values in this request's memory: group => id => value. To set it frees the memory; Redis keeps its values. */
    public array $cache {
        get => $this->farm->memory;
        set {
            $this->flush_runtime();
        }
    }

    public readonly ObjectCache $farm;

    public function __construct()
    {
        $this->farm = new ObjectCache(
            FARM_SITE,
            new CacheCluster(Farm::current()->redis()),
            Prefetch::ofRequest(FARM_SITE),
            mayReadStaleRows: static fn (): bool => self::database()?->mayReadStaleRows() ?? false,
            hasWritten: static fn (): bool => self::database()?->hasWritten() ?? false,
        );
    }

    private static function database(): ?Database
    {
        $database = $GLOBALS['wpdb'] ?? null;

        return $database instanceof Database ? $database : null;
    }

    public function get($key, $group = 'default', $force = false, &$found = null)
    {
        return $this->farm->get($key, $group ?: 'default', (bool) $force, $found);
    }

    public function get_multiple($keys, $group = 'default', $force = false)
    {
        return $this->farm->getMultiple($keys, $group ?: 'default', (bool) $force);
    }

    public function set($key, $data, $group = 'default', $expire = 0)
    {
        return self::single($this->set_multiple(...), $key, $data, $group, $expire);
    }

    public function set_multiple(array $data, $group = '', $expire = 0)
    {
        return $this->farm->set($data, $group ?: 'default', (int) $expire);
    }

    public function add($key, $data, $group = 'default', $expire = 0)
    {
        return self::single($this->add_multiple(...), $key, $data, $group, $expire);
    }

    public function add_multiple(array $data, $group = '', $expire = 0)
    {
        return $this->farm->add($data, $group ?: 'default', (int) $expire);
    }

    public function replace($key, $data, $group = 'default', $expire = 0)
    {
        $replace = fn (array $data, $group, $expire) => $this->farm->replace($data, $group ?: 'default', (int) $expire);

        return self::single($replace, $key, $data, $group, $expire);
    }

    public function delete($key, $group = 'default', $deprecated = false)
    {
        return in_array(true, $this->delete_multiple([$key], $group), true);
    }

    public function delete_multiple(array $keys, $group = '')
    {
        return $this->farm->delete($keys, $group ?: 'default');
    }

    public function incr($key, $offset = 1, $group = 'default')
    {
        return $this->farm->increment($key, (int) $offset, $group ?: 'default');
    }

    public function decr($key, $offset = 1, $group = 'default')
    {
        return $this->farm->increment($key, -(int) $offset, $group ?: 'default');
    }

    public function flush()
    {
        return $this->farm->flush();
    }

    public function flush_runtime()
    {
        return $this->farm->flushRuntime();
    }

    public function flush_group($group)
    {
        return $this->farm->flushGroup($group ?: 'default');
    }

    public function add_global_groups($groups)
    {
        $this->farm->addGlobalGroups($groups);
    }

    public function add_non_persistent_groups($groups)
    {
        $this->farm->addMemoryOnlyGroups($groups);
    }

    public function switch_to_blog($blog_id)
    {
        $this->farm->switchToBlog((int) $blog_id);
    }

    public function reset()
    {
        _deprecated_function(__METHOD__, '3.5.0', 'WP_Object_Cache::switch_to_blog()');
        $this->flush_runtime();
    }

    public function stats()
    {
        printf('<p><strong>Cache Hits:</strong> %d<br />', $this->cache_hits);
        printf('<strong>Cache Misses:</strong> %d<br /></p><ul>', $this->cache_misses);
        foreach ($this->cache as $group => $values) {
            printf('<li><strong>Group:</strong> %s - ( %sk )</li>', esc_html($group), number_format(strlen(serialize($values)) / 1024, 2));
        }
        echo '</ul>';
    }

    /** Calls the method for several keys with one. Returns false for an invalid key (null, an array), as WordPress does. */
    private static function single(callable $store, $key, $data, $group, $expire)
    {
        return (is_int($key) || is_string($key)) && in_array(true, $store([$key => $data], $group, $expire), true);
    }
}

function wp_cache_init()
{
    $GLOBALS['wp_object_cache'] = new WP_Object_Cache();
}

function wp_cache_get($key, $group = '', $force = false, &$found = null)
{
    return $GLOBALS['wp_object_cache']->get($key, $group, $force, $found);
}

function wp_cache_get_multiple($keys, $group = '', $force = false)
{
    return $GLOBALS['wp_object_cache']->get_multiple($keys, $group, $force);
}

function wp_cache_set($key, $data, $group = '', $expire = 0)
{
    return $GLOBALS['wp_object_cache']->set($key, $data, $group, $expire);
}

function wp_cache_set_multiple(array $data, $group = '', $expire = 0)
{
    return $GLOBALS['wp_object_cache']->set_multiple($data, $group, $expire);
}

function wp_cache_add($key, $data, $group = '', $expire = 0)
{
    return $GLOBALS['wp_object_cache']->add($key, $data, $group, $expire);
}

function wp_cache_add_multiple(array $data, $group = '', $expire = 0)
{
    return $GLOBALS['wp_object_cache']->add_multiple($data, $group, $expire);
}

function wp_cache_replace($key, $data, $group = '', $expire = 0)
{
    return $GLOBALS['wp_object_cache']->replace($key, $data, $group, $expire);
}

function wp_cache_delete($key, $group = '')
{
    return $GLOBALS['wp_object_cache']->delete($key, $group);
}

function wp_cache_delete_multiple(array $keys, $group = '')
{
    return $GLOBALS['wp_object_cache']->delete_multiple($keys, $group);
}

function wp_cache_incr($key, $offset = 1, $group = '')
{
    return $GLOBALS['wp_object_cache']->incr($key, $offset, $group);
}

function wp_cache_decr($key, $offset = 1, $group = '')
{
    return $GLOBALS['wp_object_cache']->decr($key, $offset, $group);
}

function wp_cache_flush()
{
    return $GLOBALS['wp_object_cache']->flush();
}

function wp_cache_flush_runtime()
{
    return $GLOBALS['wp_object_cache']->flush_runtime();
}

function wp_cache_flush_group($group)
{
    return $GLOBALS['wp_object_cache']->flush_group($group);
}

function wp_cache_supports($feature)
{
    return in_array($feature, ['add_multiple', 'set_multiple', 'get_multiple', 'delete_multiple', 'flush_runtime', 'flush_group'], true);
}

function wp_cache_add_global_groups($groups)
{
    $GLOBALS['wp_object_cache']->add_global_groups($groups);
}

function wp_cache_add_non_persistent_groups($groups)
{
    $GLOBALS['wp_object_cache']->add_non_persistent_groups($groups);
}

function wp_cache_switch_to_blog($blog_id)
{
    $GLOBALS['wp_object_cache']->switch_to_blog($blog_id);
}

function wp_cache_reset()
{
    $GLOBALS['wp_object_cache']->reset();
}

/** WordPress calls it last in a request. */
function wp_cache_close()
{
    $GLOBALS['wp_object_cache']->farm->close();

    return true;
}
