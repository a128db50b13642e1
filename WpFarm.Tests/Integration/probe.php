<?php

/**
 * Plugin Name: What plugins do, in small. Each is a public bug report of somebody behind a cache or a balancer.
 */

declare(strict_types=1);

const PROBE_COUNT = '/var/spool/farm/probe-count';

$probe = is_string($_GET['probe'] ?? null) ? $_GET['probe'] : '';
$path = (string) parse_url($_SERVER['REQUEST_URI'] ?? '', PHP_URL_PATH);

$probe === 'die' && add_action('init', static function (): void {
    file_put_contents(PROBE_COUNT, '.', FILE_APPEND);
    posix_kill(getmypid(), 9);
});

$probe === 'unavailable' && add_action('init', static function (): never {
    file_put_contents(PROBE_COUNT, '.', FILE_APPEND);
    http_response_code(503);
    header('Retry-After: 3600');
    exit('Closed for the day');
});

$probe === 'import' && add_action('init', static function (): never {
    sleep(75);
    exit('imported');
});

$probe === 'nocache-init' && add_action('init', nocache_headers(...));
$probe === 'nocache-late' && add_action('wp_footer', static fn () => define('DONOTCACHEPAGE', true));

$probe === 'language' && add_action('template_redirect', static function (): never {
    wp_redirect('/' . substr($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? 'en', 0, 2) . '/');
    exit;
});

$probe === 'session' && add_action('init', static function (): never {
    session_start();
    $_SESSION['visits'] = ($_SESSION['visits'] ?? 0) + 1;
    exit((string) $_SESSION['visits']);
});

$probe === 'user' && add_action('init', static function (): never {
    nocache_headers();
    $kept = tempnam(sys_get_temp_dir(), 'probe');
    exit(sprintf('%d %s', posix_geteuid(), dirname($kept) === get_temp_dir() || dirname($kept) . '/' === get_temp_dir() ? 'own' : $kept));
});

$probe === 'mail' && add_action('init', static function (): never {
    nocache_headers();
    exit(mail('customer@example.com', (string) $_GET['subject'], "By PHP's own function\n") ? 'sent' : 'not sent');
});

$probe === 'parameters' && add_action('init', static function (): never {
    nocache_headers();
    exit($_SERVER['QUERY_STRING'] . ' a=' . $_GET['a']);
});

$probe === 'columns' && add_action('init', static function (): never {
    global $wpdb;
    $wpdb->get_results(
        "SELECT p.ID AS id, COUNT(m.meta_id) AS metas FROM $wpdb->posts p LEFT JOIN $wpdb->postmeta m ON m.post_id = p.ID"
        . ' GROUP BY p.ID ORDER BY p.ID LIMIT 3'
    );
    nocache_headers();
    exit(implode(' ', $wpdb->get_col_info('name')) . ' ' . count($wpdb->last_result));
});

/** What a query says, and whether it was Memcached that said so. */
$ask = static function (string $sql): never {
    global $wpdb;
    $hits = static fn (): int => WpFarm\Counters::bySite('query_hits')[FARM_SITE] ?? 0;
    $before = $hits();
    $says = $wpdb->get_var($sql);
    nocache_headers();
    exit($says . ($hits() > $before ? ' from Memcached' : ''));
};

$probe === 'like' && add_action('init', static fn () => $ask(
    $GLOBALS['wpdb']->prepare("SELECT COUNT(*) > 0 FROM {$GLOBALS['wpdb']->posts} WHERE post_title LIKE %s", '%a%')
));
$probe === 'table-of-its-own' && add_action('init', static fn () => $ask(
    "SELECT COUNT(*) FROM {$GLOBALS['wpdb']->posts} p JOIN probe_stats s ON s.post = p.ID"
));
$probe === 'narrowed' && add_action('init', static function () use ($ask): void {
    add_filter('query', static fn (string $sql) => str_replace('1 = 1', isset($_GET['member']) ? '1 = 1' : '1 = 0', $sql));
    $ask("SELECT COUNT(*) > 0 FROM {$GLOBALS['wpdb']->posts} WHERE 1 = 1");
});

$probe === 'slow-reader' && add_action('init', static function (): never {
    nocache_headers();
    get_posts(['numberposts' => 1, 'cache_results' => false]); // from a replica
    touch('/var/spool/farm/probe-has-read');
    for ($end = time() + 60; !file_exists('/var/spool/farm/probe-goes-on') && time() < $end; usleep(20_000));
    exit('price ' . get_post_meta(1, 'price', true));
});

$probe === 'links-to-a-post' && add_action('wp_footer', static fn () => printf('<a href="%s">See also</a>', esc_url(get_permalink(1))));

$path === '/members/a.pdf' && add_action('init', static function (): never {
    if (preg_grep('/^wordpress_logged_in_/', array_keys($_COOKIE)) === []) {
        wp_redirect('/wp-login.php');
        exit;
    }
    header('Content-Type: application/pdf');
    header('Cache-Control: private');
    exit('MEMBER');
});

in_array($path, ['/old.php', '/old.jpg'], true) && add_action('init', static function (): never {
    wp_redirect('/new/', 301);
    exit;
});

$path === '/sw.js' && add_action('init', static function (): never {
    header('Content-Type: text/javascript');
    exit('// a service worker');
});
