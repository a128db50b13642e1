<?php

/** Installs or upgrades the site that FARM_SITE names, inside WordPress. The install job starts it with "install" or "upgrade". */

declare(strict_types=1);

use WpFarm\Farm;
use WpFarm\SiteDatabases;
use WpFarm\SiteSecrets;

define('WP_INSTALLING', true);

/** Replaces WordPress's function, which would mail the password. */
function wp_new_blog_notification(): void
{
}

require '/usr/share/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// WordPress expects the ids 1, 2 and 1 for its first post, page and comment, also on a server with auto_increment_increment above 1.
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

    // The first post and page are in the site's language, as in an installation by a person.
    load_default_textdomain($site->locale);
    $GLOBALS['wp_locale'] = new WP_Locale();

    // Set in advance, so that WordPress does not test over HTTP which permalinks work here.
    $permalinks = static fn (): string => '/%postname%/';
    add_filter('pre_option_permalink_structure', $permalinks);
    $password = $site->secret(SiteSecrets::ADMIN);
    wp_install($site->title, $site->admin, $site->email, is_public: true, user_password: $password, language: $site->locale);
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
