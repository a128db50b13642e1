<?php

/**
 * Plugin Name: Farm: security
 * Description: Reports failed logins, and turns off what a site does not need: XML-RPC, the public list of users, updates.
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

/*
 * Tells HAProxy, by a header that it removes, that this request tried something in vain: "login", "users" or "attack". HAProxy logs it, and
 * CrowdSec and fail2ban count these lines, whatever address the request had.
 */
function report_attempt(string $what): void
{
    if (!headers_sent()) {
        header("X-Farm-Attempt: $what");
    }
}

add_action('wp_login_failed', report_failed_login(...));
add_action('wp_login_failed', static fn () => report_attempt('login'));
add_action('application_password_failed_authentication', static function (): void {
    report_failed_login($_SERVER['PHP_AUTH_USER'] ?? '');
    report_attempt('login');
});

/*
 * The firewall has found something in a request of somebody who is logged in and uses the site's own pages. Who may publish may publish
 * code and SQL, too. Everybody else is refused, before a plugin acts on the request.
 */
if (isset($_SERVER['FARM_SUSPICIOUS'])) {
    add_action('plugins_loaded', static function (): void {
        if (current_user_can('publish_posts')) {
            return;
        }
        report_attempt('attack');
        header('X-Farm-Request: ' . $_SERVER['FARM_SUSPICIOUS']);
        http_response_code(403);
        exit;
    }, PHP_INT_MIN);
}

// The message does not tell an attacker whether the user exists.
add_filter('authenticate', static function (mixed $user): mixed {
    $telling = ['invalid_username', 'invalid_email', 'incorrect_password'];
    return is_wp_error($user) && array_intersect($telling, $user->get_error_codes()) !== []
        ? new \WP_Error('incorrect_password', __('<strong>Error:</strong> the user name or the password is wrong.'))
        : $user;
}, PHP_INT_MAX);
// Whoever asks for a new password gets the same answer when there is no such user. Other mistakes, as an empty field, are still said.
add_filter('lostpassword_errors', static function (\WP_Error $errors, mixed $user): \WP_Error {
    $unknown = !$user instanceof \WP_User && array_diff($errors->get_error_codes(), ['invalid_email']) === [];
    if ($unknown && ($GLOBALS['pagenow'] ?? '') === 'wp-login.php') {
        report_attempt('users');
        wp_safe_redirect('wp-login.php?checkemail=confirm');
        exit;
    }
    return $errors;
}, 10, 2);

// nginx refuses xmlrpc.php. WordPress must not advertise it.
add_filter('xmlrpc_enabled', '__return_false');
add_filter('wp_headers', static fn (array $headers) => array_diff_key($headers, ['X-Pingback' => true]));
remove_action('wp_head', 'rsd_link');

// Only users who are logged in may list the users.
add_filter('rest_pre_dispatch', static function (mixed $answer, \WP_REST_Server $server, \WP_REST_Request $request): mixed {
    if (!str_starts_with(strtolower($request->get_route()), '/wp/v2/users') || is_user_logged_in()) {
        return $answer;
    }
    report_attempt('users');
    return new \WP_Error('rest_no_route', __('No route was found matching the URL and request method.'), ['status' => 404]);
}, 10, 3);
add_filter('oembed_response_data', static fn (array $data) => array_diff_key($data, ['author_name' => true, 'author_url' => true]));
add_filter('wp_sitemaps_add_provider', static fn (mixed $provider, string $name) => $name === 'users' ? false : $provider, 10, 2);
// WordPress takes the parameter from a form, too. There a field of this name may also have somebody's name.
add_action('parse_request', static function (\WP $wp): void {
    $posted = is_string($_POST['author'] ?? null) && preg_match('/^[\s,+-]*\d/', urldecode($_POST['author']));
    if ((isset($_GET['author']) || $posted) && !is_admin() && !is_user_logged_in()) {
        report_attempt('users');
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
