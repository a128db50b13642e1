<?php

/**
 * Creates content for the measured sites, on the command line of the farm's pool or of plain WordPress:
 *
 *     pages    200 posts, and a menu of 30 pages
 *     mass     10,000 further posts, and 500 options that every page loads
 */

declare(strict_types=1);

$_SERVER['HTTP_HOST'] ??= 'localhost';
require '/usr/share/wordpress/wp-load.php';

wp_set_current_user(1);
wp_suspend_cache_invalidation($argv[1] === 'mass');
$words = str_repeat('The quick brown fox jumps over the lazy dog. ', 40);
$text = static fn (int $number): string => "<!-- wp:paragraph -->\n<p>Entry $number. $words</p>\n<!-- /wp:paragraph -->";
$add = static fn (int $number, array $more = []): int => wp_insert_post(
    $more + [
        'post_title' => "Entry $number",
        'post_content' => $text($number),
        'post_status' => 'publish',
        'post_date' => gmdate('Y-m-d H:i:s', 1_700_000_000 + 60 * $number),
    ],
    wp_error: true,
);
if ($argv[1] === 'pages') {
    array_map($add, range(1, 200));
    $links = array_map(static function (int $number) use ($add): string {
        $id = $add($number, ['post_type' => 'page', 'post_title' => "Page $number"]);
        $link = ['label' => "Page $number", 'type' => 'page', 'id' => $id, 'url' => get_permalink($id), 'kind' => 'post-type'];

        return '<!-- wp:navigation-link ' . json_encode($link) . ' /-->';
    }, range(1, 30));
    wp_insert_post([
        'post_type' => 'wp_navigation',
        'post_status' => 'publish',
        'post_title' => 'Menu',
        'post_content' => implode('', $links),
    ]);
} else {
    global $wpdb;
    foreach (array_chunk(range(1, 10_000), 500) as $numbers) {
        $rows = array_map(static fn (int $number): string => $wpdb->prepare(
            '(1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)',
            $date = gmdate('Y-m-d H:i:s', 1_600_000_000 + 60 * $number),
            $date,
            $text($number),
            "Old $number",
            '',
            'publish',
            "old-$number",
            '',
            '',
            $date,
            $date,
            '',
        ), $numbers);
        $columns = 'post_author, post_date, post_date_gmt, post_content, post_title, post_excerpt, post_status, post_name, to_ping, '
            . 'pinged, post_modified, post_modified_gmt, post_content_filtered';
        $wpdb->query("INSERT INTO $wpdb->posts ($columns) VALUES " . implode(', ', $rows));
    }
    for ($number = 1; $number <= 500; ++$number) {
        add_option("bench_$number", str_repeat('x', 100));
    }
    wp_cache_flush();
}
