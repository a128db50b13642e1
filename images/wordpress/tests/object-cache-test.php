<?php

/**
 * Tests the object cache with a real Redis Cluster. Needs the farm's php.ini and farm.php, and APCu on the command line; needs no
 * WordPress:
 *
 *     php -c /etc/php/farm/php.ini -d apc.enable_cli=1 /usr/local/lib/wpfarm/tests/object-cache-test.php
 *
 * Prints TAP; exits with 1 when a test fails.
 */

declare(strict_types=1);

use WpFarm\CacheCluster;
use WpFarm\Farm;
use WpFarm\ObjectCache;
use WpFarm\Prefetch;

require '/usr/local/lib/wpfarm/autoload.php';

// The functions of WordPress that the object cache calls.
$multisite = false;
$suspended = false;
function is_multisite(): bool
{
    return $GLOBALS['multisite'];
}
function wp_suspend_cache_addition(): bool
{
    return $GLOBALS['suspended'];
}

// Sites that no farm has, with new names in every run.
$run = bin2hex(random_bytes(4));
define('FARM_SITE', "test-$run");
require '/usr/share/wordpress/wp-content/object-cache.php';

require __DIR__ . '/tap.php';

/** Begins the next request: the same functions, an empty memory. */
function next_request(): void
{
    wp_cache_init();
}

/** Another request of the same site at the same time. */
function another_request(): ObjectCache
{
    return new ObjectCache(FARM_SITE, new CacheCluster(Farm::current()->redis()));
}

/** Renders a page of this kind, and returns the number of its round trips to Redis. */
function page(string $kind, callable $work, ?\Closure $hasWritten = null): int
{
    $prefetch = new Prefetch(FARM_SITE, "visitor\n$kind");
    $cache = new ObjectCache(FARM_SITE, new CacheCluster(Farm::current()->redis()), $prefetch, hasWritten: $hasWritten);
    $cache->get('warm', 'up');
    $calls = $cache->cluster->calls;
    $work($cache);
    $cache->close();

    return $cache->cluster->calls - $calls;
}

function milliseconds(callable $work): float
{
    $started = hrtime(true);
    $work();

    return (hrtime(true) - $started) / 1e6;
}

echo "# values\n";
$object = new ArrayObject(['a' => 1]);
$values = [
    'false' => false, 'null' => null, 'true' => true, 'zero' => 0, 'int' => -42, 'max' => PHP_INT_MAX, 'float' => 1.5,
    'empty' => '', 'digits' => '123', 'text' => "zażółć\0gęślą", 'array' => ['x' => [1, null, false]],
    'large' => str_repeat('x', 900_000),
];
next_request();
foreach ($values as $key => $value) {
    wp_cache_set($key, $value, 'values');
}
next_request();
foreach ($values as $key => $value) {
    is([wp_cache_get($key, 'values', false, $found), $found], [$value, true], "$key survives the request");
}
wp_cache_set('object', $object, 'values');
$object['a'] = 2;
is(wp_cache_get('object', 'values')['a'], 1, 'changing an object that was stored does not change the cache');
wp_cache_get('object', 'values')['a'] = 3;
is(wp_cache_get('object', 'values')['a'], 1, 'changing an object that was read does not change the cache');
next_request();
is(wp_cache_get('object', 'values') instanceof ArrayObject, true, 'an object survives the request');
is([wp_cache_get('absent', 'values', false, $found), $found], [false, false], 'a miss is not a stored false');

echo "# keys and groups\n";
is(wp_cache_set('', 1), false, 'an empty key is refused');
is(wp_cache_set('  ', 1), false, 'a blank key is refused');
is(wp_cache_set(null, 1), false, 'null is refused as a key');
is([wp_cache_get('', '', false, $found), $found], [false, false], 'an empty key is not found');
is(wp_cache_set(7, 'seven'), true, 'an integer is a key');
is(wp_cache_get('7', 'default'), 'seven', 'the empty group is "default", and 7 is "7"');
wp_cache_set('same', 'one', 'group-1');
wp_cache_set('same', 'two', 'group-2');
next_request();
is([wp_cache_get('same', 'group-1'), wp_cache_get('same', 'group-2')], ['one', 'two'], 'groups are apart');
wp_cache_set("k {x}\r\n", 'odd', "odd {y} group");
next_request();
is(wp_cache_get("k {x}\r\n", "odd {y} group"), 'odd', 'braces and line ends in keys and groups do no harm');

echo "# add, replace, delete\n";
is(wp_cache_add('add', 1), true, 'add stores a new value');
is(wp_cache_add('add', 2), false, 'add does not replace a value');
next_request();
is(wp_cache_add('add', 3), false, 'add does not replace a value that an earlier request stored');
is(wp_cache_get('add'), 1, 'the first value stays');
another_request()->delete(['add'], 'default');
is(wp_cache_add('add', 4), true, 'add asks Redis, not its own memory: a lock that another request released can be taken');
$suspended = true;
is(wp_cache_add('suspended', 1), false, 'add does nothing while additions are suspended');
$suspended = false;
is(wp_cache_replace('replace', 1), false, 'replace needs something to replace');
is(wp_cache_get('replace'), false, 'a refused replace stores nothing');
wp_cache_set('replace', 1);
next_request();
is([wp_cache_replace('replace', 2), wp_cache_get('replace')], [true, 2], 'replace replaces');
is(wp_cache_delete('replace'), true, 'delete returns true for an existing key');
is(wp_cache_delete('replace'), false, 'delete returns false for an absent key');
next_request();
is(wp_cache_get('replace'), false, 'a deleted value is gone');

echo "# many at once\n";
$set = wp_cache_set_multiple(['a' => 1, 'b' => false, 3 => 'c', '' => 'no'], 'many');
is($set, ['a' => true, 'b' => true, 3 => true, '' => false], 'set_multiple returns a result for each key');
next_request();
$got = wp_cache_get_multiple(['a', 'x', 3, 'b'], 'many');
is($got, ['a' => 1, 'x' => false, 3 => 'c', 'b' => false], 'get_multiple keeps the order and fills in false');
is(wp_cache_add_multiple(['a' => 9, 'd' => 4], 'many'), ['a' => false, 'd' => true], 'add_multiple returns a result for each key');
$deleted = wp_cache_delete_multiple(['a', 'x', 'd'], 'many');
is($deleted, ['a' => true, 'x' => false, 'd' => true], 'delete_multiple returns a result for each key');
next_request();
is(wp_cache_get_multiple(['a', 'd', 3], 'many'), ['a' => false, 'd' => false, 3 => 'c'], 'deleted values stay deleted');
is([wp_cache_get_multiple([]), wp_cache_set_multiple([]), wp_cache_delete_multiple([])], [[], [], []], 'no keys give no results');
wp_cache_set_multiple(array_fill_keys(range(1, 1000), 'v'), 'thousand');
next_request();
wp_cache_get('warm', 'up');
$calls = $GLOBALS['wp_object_cache']->farm->cluster->calls;
is(count(array_filter(wp_cache_get_multiple(range(1, 1000), 'thousand'))), 1000, 'a thousand keys');
is($GLOBALS['wp_object_cache']->farm->cluster->calls - $calls, 1, 'are one round trip');

echo "# counting\n";
is([wp_cache_incr('n'), wp_cache_get('n', '', false, $found), $found], [false, false, false], 'an absent key is not counted');
wp_cache_set('n', 5, '', 100);
is([wp_cache_incr('n'), wp_cache_incr('n', 4), wp_cache_decr('n', 3)], [6, 10, 7], 'incr and decr');
next_request();
is(wp_cache_get('n'), 7, 'a count survives the request');
is([wp_cache_decr('n', 100), wp_cache_get('n')], [0, 0], 'a count does not go below zero');
wp_cache_set('n', '41');
next_request();
is(wp_cache_incr('n'), 42, 'a numeric string counts');
wp_cache_set('n', 'many');
is(wp_cache_incr('n'), 1, 'anything else counts as zero');
wp_cache_set('n', 0);
for ($i = 0; $i < 50; $i++) {
    another_request()->increment('n', 1, 'default');
    wp_cache_incr('n');
}
is(wp_cache_get('n', '', true), 100, 'requests that count at the same time lose nothing');

echo "# time to live\n";
wp_cache_set('short', 'x', '', 1);
wp_cache_set('counted', 1, '', 1);
wp_cache_incr('counted');
wp_cache_set('long', 'x', '', 100);
next_request();
is(wp_cache_get('short'), 'x', 'a value exists until it expires');
$deadline = microtime(true) + 5;
do {
    usleep(50_000);
    next_request();
} while (wp_cache_get('short') !== false && microtime(true) < $deadline);
is(wp_cache_get('short'), false, 'an expired value is gone');
usleep(100_000);
next_request();
is(wp_cache_get('counted'), false, 'counting does not extend the time to live');
is(wp_cache_get('long'), 'x', 'a value with a longer time to live stays');

echo "# memory of the request\n";
wp_cache_set('shared', 'old');
another_request()->set(['shared' => 'new'], 'default', 0);
is([wp_cache_get('shared'), wp_cache_get('shared', '', true), wp_cache_get('shared')], ['old', 'new', 'new'], 'force asks Redis');
another_request()->delete(['shared'], 'default');
is([wp_cache_get('shared'), wp_cache_get('shared', '', true)], ['new', false], 'force sees a deletion');
wp_cache_set('shared', 'mine');
another_request()->set(['shared' => 'theirs'], 'default', 0);
is([wp_cache_flush_runtime(), wp_cache_get('shared')], [true, 'theirs'], 'flush_runtime frees the memory, and Redis keeps the value');
wp_cache_add_non_persistent_groups(['counts', 'plugins']);
wp_cache_set('x', 1, 'counts');
is([wp_cache_get('x', 'counts'), another_request()->get('x', 'counts')], [1, false], 'a non-persistent group stays in memory');
$results = [
    wp_cache_add('x', 2, 'counts'),
    wp_cache_incr('x', 2, 'counts'),
    wp_cache_replace('y', 1, 'counts'),
    wp_cache_delete('x', 'counts'),
];
is($results, [false, 3, false, true], 'a non-persistent group otherwise works as any other');
$hits = $GLOBALS['wp_object_cache']->cache_hits;
$misses = $GLOBALS['wp_object_cache']->cache_misses;
wp_cache_get('shared');
wp_cache_get('nowhere');
$counted = [$GLOBALS['wp_object_cache']->cache_hits - $hits, $GLOBALS['wp_object_cache']->cache_misses - $misses];
is($counted, [1, 1], 'hits and misses are counted');

is($GLOBALS['wp_object_cache'] instanceof WP_Object_Cache, true, 'plugins find the class that they look for');
$GLOBALS['wp_object_cache']->set('of-core', 'value', '', 60);
$got = [$GLOBALS['wp_object_cache']->get('of-core', found: $found), $found, wp_cache_get('of-core')];
is($got, ['value', true, 'value'], 'it has the methods of WordPress\'s own class');
$GLOBALS['wp_object_cache']->cache = [];
is([$GLOBALS['wp_object_cache']->cache, wp_cache_get('of-core')], [[], 'value'], 'its memory can be freed, and loses nothing');

echo "# expiry\n";
wp_cache_set('short', 'lived');
is([wp_cache_set('short', 'lived', '', -1), wp_cache_get('short')], [true, false], 'a value that has expired already is not found');
wp_cache_set('lock', 'mine');
$results = [wp_cache_add('lock', 'yours', '', -1), wp_cache_replace('no-lock', 'yours', '', -1), wp_cache_get('lock')];
is($results, [false, false, 'mine'], 'a refused value that has expired removes nothing');

echo "# too large\n";
wp_cache_set('big', 'small');
$big = random_bytes(2 << 20);
is([wp_cache_set('big', $big), wp_cache_get('big') === $big], [true, true], 'a value too large for Redis stays in the request');
next_request();
is(wp_cache_get('big'), false, 'the next request does not find the old value');

echo "# flush\n";
$other = new ObjectCache("other-$run", new CacheCluster(Farm::current()->redis()));
$other->set(['k' => 'theirs'], 'default', 0);
wp_cache_set('k', 'mine');
wp_cache_set('k', 'grouped', 'g');
next_request();
is([wp_cache_flush_group('g'), wp_cache_get('k', 'g'), wp_cache_get('k')], [true, false, 'mine'], 'flush_group empties one group');
wp_cache_set('k', 'again', 'g');
next_request();
is([wp_cache_get('k', 'g'), wp_cache_get('k')], ['again', 'mine'], 'a group that was flushed alone can be filled again');
is([wp_cache_flush(), wp_cache_get('k'), wp_cache_get('k', 'g')], [true, false, false], 'flush empties the site');
next_request();
is([wp_cache_get('k'), wp_cache_get('k', 'g')], [false, false], 'the site stays flushed for later requests');
$other = new ObjectCache("other-$run", new CacheCluster(Farm::current()->redis()));
is($other->get('k', 'default'), 'theirs', 'a flush empties no other site');

echo "# several blogs in one site\n";
$multisite = true;
next_request();
wp_cache_add_global_groups(['users']);
wp_cache_switch_to_blog(1);
wp_cache_set('k', 'blog 1', 'posts');
wp_cache_set('k', 'everywhere', 'users');
wp_cache_switch_to_blog(2);
is([wp_cache_get('k', 'posts'), wp_cache_get('k', 'users')], [false, 'everywhere'], 'only global groups are common');
wp_cache_switch_to_blog(1);
is(wp_cache_get('k', 'posts'), 'blog 1', 'the first blog has its own');
$multisite = false;

echo "# support\n";
$features = ['add_multiple', 'set_multiple', 'get_multiple', 'delete_multiple', 'flush_runtime', 'flush_group', 'magic'];
is(array_map(wp_cache_supports(...), $features), [true, true, true, true, true, true, false], 'supports knows the features');

echo "# what cannot be serialized\n";
next_request();
wp_cache_set('closure', 'before');
is(wp_cache_set('closure', ['f' => static fn () => 7]), true, 'a value that cannot be serialized is kept');
is(wp_cache_get('closure')['f'](), 7, 'it can be used in the request');
is(wp_cache_set('generator', (static function () { yield 1; })()), true, 'a value that cannot be cloned is kept too');
next_request();
is(wp_cache_get('closure'), false, 'the next request does not find the old value');

echo "# a flush during another request\n";
next_request();
wp_cache_set('blogdescription', 'old', 'options');
$other = another_request();
is($other->get('blogdescription', 'options'), 'old', 'the other request has read');
wp_cache_flush();
wp_cache_set('blogdescription', 'old', 'options'); // as from the database, which the other has not changed yet
$other->delete(['blogdescription'], 'options');
next_request();
is(wp_cache_get('blogdescription', 'options'), false, 'what the other request deletes is gone, also after the flush');
$other = another_request();
$other->get('blogdescription', 'options');
wp_cache_flush_group('options');
wp_cache_set('blogdescription', 'old', 'options');
$other->set(['blogdescription' => 'new'], 'options', 0);
next_request();
is(wp_cache_get('blogdescription', 'options'), 'new', 'what the other request sets is stored, also after a flush of its group');

echo "# prefetching\n";
next_request();
wp_cache_set('title', 'Hello', 'options');
wp_cache_set_multiple([1 => 'one', 2 => 'two'], 'posts');
$asks = static function (ObjectCache $cache) use (&$seen): void {
    $seen = [$cache->get('title', 'options'), $cache->getMultiple([1, 2, 3], 'posts'), $cache->get('nowhere', 'transient')];
};
is(page('front', $asks), 3, 'a page of a new kind makes a round trip for each group');
$expected = [0, ['Hello', [1 => 'one', 2 => 'two', 3 => false], false]];
is([page('front', $asks), $seen], $expected, 'the next page of its kind has prefetched all of it, also the absent keys');
$calls = page('front', static function (ObjectCache $cache) use ($asks): void {
    $asks($cache);
    $cache->get('nowhere', 'transient');
});
is($calls, 1, 'a page that asks again for an absent key asks Redis');
is([page('other', $asks), $seen[0]], [0, 'Hello'], 'a page of another kind begins with what the site\'s pages ask for');
is(page('front', static fn (ObjectCache $cache) => $cache->get('title', 'options', force: true)), 1, 'force asks Redis');
another_request()->set(['title' => 'Goodbye'], 'options', 0);
page('front', $asks);
is($seen[0], 'Goodbye', 'a page uses the values of its beginning');
page('front', static function (ObjectCache $cache) use (&$seen): void {
    another_request()->set(['title' => 'in the meantime'], 'options', 0);
    $seen = $cache->get('title', 'options');
}, hasWritten: static fn () => true);
is($seen, 'in the meantime', 'a page that has changed something uses the present value');
page('front', static function (ObjectCache $cache) use (&$seen): void {
    another_request()->set(['title' => 'while it waited'], 'options', 0);
    usleep(1_050_000);
    $seen = $cache->get('title', 'options');
});
is($seen, 'while it waited', 'a page that has waited for a second uses the present value');
page('lock', static fn (ObjectCache $cache) => $cache->get('state', 'plugin'));
page('lock', static function (ObjectCache $cache) use (&$seen): void {
    another_request()->set(['state' => 'of another'], 'plugin', 0);
    $cache->add(['lock' => 1], 'plugin', 0);
    $seen = $cache->get('state', 'plugin');
});
is($seen, 'of another', 'a page that has taken a lock in the cache uses the present value');
page('flush', $asks);
page('flush', static function (ObjectCache $cache) use (&$seen): void {
    another_request()->flush();
    $cache->set(['x' => 1], 'posts', 0);
    $seen = $cache->get('title', 'options');
});
is($seen, false, 'a page does not use a value that was flushed');
wp_cache_set('own', 'mine', 'options');
page('own', static fn (ObjectCache $cache) => $cache->get('own', 'options'));
page('own', static function (ObjectCache $cache) use (&$seen): void {
    $cache->delete(['own'], 'options');
    $seen = $cache->get('own', 'options');
});
is($seen, false, 'a page does not find a value that it has deleted');
$calls = page('row', static function (ObjectCache $cache): void {
    $cache->set(['r' => 1], 'posts', 0);
    $cache->add(['r' => 2], 'posts', 0);
});
is($calls, 1, 'a row that is cached already is not written again');

echo "# without Redis\n";
next_request();
wp_cache_set('outage', 'before');
ini_set('error_log', '/dev/null'); // the outage below is intended
$nowhere = static fn () => new ObjectCache(FARM_SITE, new CacheCluster(['127.0.0.1:1', '127.0.0.1:2']));
apcu_delete('farm:redis:seed'); // the node that has answered before
$cache = $nowhere();
is($cache->get('outage', 'default'), false, 'a stored value is not found');
is($cache->set(['outage' => 'during'], 'default', 0), ['outage' => true], 'a value is kept');
$results = [
    $cache->get('outage', 'default'),
    $cache->add(['outage' => 1], 'default', 0),
    $cache->increment('outage', 2, 'default'),
    $cache->delete(['outage'], 'default'),
];
is($results, ['during', ['outage' => false], 2, ['outage' => true]], 'the value can be used in the request');
is(CacheCluster::isDown(), true, 'the breaker is open for other requests');
$attempts = milliseconds(function () use ($nowhere) {
    for ($i = 0; $i < 100; $i++) {
        $nowhere()->get('outage', 'default');
    }
});
is($attempts < 250, true, sprintf('they lose no time: 100 of them take %.0f ms', $attempts));
next_request();
$calls = [wp_cache_set('outage', 'on'), $GLOBALS['wp_object_cache']->farm->cluster->calls];
is($calls, [true, 0], 'until a check succeeds, no request asks Redis');
is(CacheCluster::check(Farm::current()->redis()), true, 'the check of /healthz succeeds');
next_request();
is(wp_cache_get('outage'), false, 'Redis is back: the old value is not used, because a write was missed');
is(CacheCluster::isDown(), false, 'the breaker is closed for other requests');
wp_cache_set('outage', 'after');
next_request();
is(wp_cache_get('outage'), 'after', 'the cache works as before');

wp_cache_flush();
printf("1..%d\n# %d passed, %d failed\n", $count, $count - $failures, $failures);
exit($failures === 0 ? 0 : 1);
