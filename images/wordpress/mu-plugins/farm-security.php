<?php

/**
 * Plugin Name: Farm: security
 * Description: Logs failed logins, and turns off what a site does not need: XML-RPC, the public list of users, updates.
 */

declare(strict_types=1);

namespace WpFarm;

/*
 * Writes one line per failed login, in a form that fail2ban can match. Of the client's input it keeps only characters that cannot break
 * the line.
 */
function report_failed_login(string $user): void
{
    $user = substr(preg_replace('/[^\w.@+-]/', '?', $user), 0, 60);
    $client = filter_var($_SERVER['REMOTE_ADDR'] ?? '', FILTER_VALIDATE_IP) ?: '-';
    file_put_contents('php://stderr', sprintf("farm-auth-failure site=%s client=%s user=%s\n", FARM_SITE, $client, $user));
}

add_action('wp_login_failed', report_failed_login(...));
add_action('application_password_failed_authentication', static fn () => report_failed_login($_SERVER['PHP_AUTH_USER'] ?? ''));

// The message does not tell an attacker whether the user exists.
add_filter('login_errors', static fn () => __('<strong>Error:</strong> the user name or the password is wrong.'));

// nginx refuses xmlrpc.php. WordPress must not advertise it.
add_filter('xmlrpc_enabled', '__return_false');
add_filter('wp_headers', static fn (array $headers) => array_diff_key($headers, ['X-Pingback' => true]));
remove_action('wp_head', 'rsd_link');

// Only users who are logged in may list the users.
add_filter('rest_endpoints', static fn (array $endpoints) => is_user_logged_in() ? $endpoints : array_filter(
    $endpoints,
    static fn (string $route) => !str_starts_with($route, '/wp/v2/users'),
    ARRAY_FILTER_USE_KEY,
));
add_filter('wp_sitemaps_add_provider', static fn (mixed $provider, string $name) => $name === 'users' ? false : $provider, 10, 2);
add_action('parse_request', static function (\WP $wp): void {
    if (isset($_GET['author']) && !is_admin() && !is_user_logged_in()) {
        unset($wp->query_vars['author']);
        $wp->query_vars['error'] = '404';
    }
});

// Updates come with the image, and the networks of the pools have no route to the internet: a request would only wait for its timeout.
add_filter('pre_http_request', static function (mixed $response, array $arguments, string $url): mixed {
    return preg_match('/(?:^|\.)wordpress\.org$/', (string) parse_url($url, PHP_URL_HOST))
        ? new \WP_Error('farm_no_updates', 'This farm is updated through its images.')
        : $response;
}, 10, 3);
