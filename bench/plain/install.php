<?php
// Installs the same first content as in a farm's site: WordPress's own, with pretty permalinks and the same theme.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'localhost';
require '/usr/share/wordpress/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_new_blog_notification(): void {}
if (!is_blog_installed()) {
    wp_install('Plain', 'admin', 'admin@localhost.example', true, '', 'bench-only');
    update_option('permalink_structure', '/%postname%/');
    switch_theme('twentytwentyfive');
}
