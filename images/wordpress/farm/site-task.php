<?php

/** Inside WordPress, for the site that FARM_SITE names: "install" or "upgrade". Started by the install job. */

declare(strict_types=1);

use WpFarm\Farm;
use WpFarm\SiteDatabases;

define('WP_INSTALLING', true);

/** WordPress would mail the password. */
function wp_new_blog_notification(): void
{
}

require '/usr/share/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// WordPress expects its first post, page and comment to have the ids 1, 2 and 1, also on a server that counts in steps.
$wpdb->query('SET SESSION auto_increment_increment = 1, auto_increment_offset = 1');

match ($argv[1]) {
    'install' => install(Farm::current()->site(FARM_SITE)),
    'upgrade' => wp_upgrade(),
};

function install(WpFarm\Site $site): void
{
    global $wpdb, $wp_rewrite;

    $wpdb->query('CREATE TABLE IF NOT EXISTS ' . SiteDatabases::UNFINISHED . ' (started DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP)');
    foreach ($wpdb->get_col('SHOW TABLES') as $table) {
        if ($table !== SiteDatabases::UNFINISHED) {
            $wpdb->query("DROP TABLE `$table`");
        }
    }

    // Already chosen, so WordPress does not ask itself over HTTP which kind of permalinks works here.
    $permalinks = static fn (): string => '/%postname%/';
    add_filter('pre_option_permalink_structure', $permalinks);
    wp_install($site->title, $site->admin, $site->email, is_public: true, user_password: $site->adminPassword(), language: $site->locale);
    remove_filter('pre_option_permalink_structure', $permalinks);
    $wp_rewrite->set_permalink_structure('/%postname%/');
    switch_theme('twentytwentyfive');
    $wp_rewrite->flush_rules();

    if (get_option('siteurl') === false || !username_exists($site->admin) || $wpdb->last_error !== '') {
        fwrite(STDERR, "WordPress did not install: $wpdb->last_error\n");
        exit(1);
    }
    $wpdb->query('DROP TABLE ' . SiteDatabases::UNFINISHED);
}
