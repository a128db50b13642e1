<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * WordPress in front of restored data: it shows pages, and does nothing else. That it reaches nothing of the live farm and changes nothing of
 * the restored data is the doing of its networks and of the one password that it has; what is here keeps it from trying.
 */
final class Scratch
{
    /** In /run/secrets. In the sites' stead: no key of the live sites is here. */
    public const SECRET = 'mariadb-scratch-password';

    /** Before WordPress is there. */
    public static function showPagesOnly(Site $site): void
    {
        // Not cron, logins, the administration, comments.
        if (!in_array($_SERVER['REQUEST_METHOD'], ['GET', 'HEAD'], true) || $_SERVER['SCRIPT_NAME'] !== '/index.php') {
            // wp-cron.php has answered before it begins.
            if (!headers_sent()) {
                http_response_code(404);
            }
            exit("Only pages are shown here\n");
        }
        // Whoever asks does so from inside of the farm; WordPress would send them to where visitors come in.
        if (parse_url($site->url, PHP_URL_SCHEME) === 'https') {
            $_SERVER['HTTPS'] = 'on';
        }
        // It would write, and mail, to the administrator. An error is a 500 and a line in the log.
        define('WP_DISABLE_FATAL_ERROR_HANDLER', true);
    }

    public static function database(Site $site, string $door): \wpdb
    {
        // The server refuses it anyway; so it is not in the log each time that WordPress tries.
        add_filter('query', static fn (string $query): string => preg_match('/^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i', $query) === 1 ? '' : $query);
        add_filter('pre_wp_mail', '__return_false');
        add_filter('pre_http_request', static fn (): \WP_Error => new \WP_Error('farm_scratch', 'Restored data calls nobody.'));

        $database = new \wpdb($site->user, $site->databasePassword(), $site->database, $door);
        // WordPress would lead to its installer.
        if ($database->ready && $database->get_var("SHOW TABLES LIKE 'wp\_options'") === null) {
            dead_db();
        }

        return $database;
    }
}
