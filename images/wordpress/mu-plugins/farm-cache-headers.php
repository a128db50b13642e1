<?php

/**
 * Plugin Name: Farm: cache headers
 * Description: Tells the caches in front which answers are for everyone, where nobody else has.
 */

declare(strict_types=1);

namespace WpFarm;

final class CacheHeaders
{
    /**
     * Browsers ask every time, because nobody can purge them; the shared caches keep a page, and may show it for longer while
     * they fetch a new one or when there is none to be had. What changes is purged, so the age is only the last resort.
     */
    private const FOR_EVERYONE = 'public, max-age=0, s-maxage=%d, stale-while-revalidate=60, stale-if-error=%d';

    /** Nothing purges what does not exist: a page that is born must not stay missing for long. */
    private const NOT_FOUND_SECONDS = 10;

    private const FOR_ONE = 'private, no-store';

    /** Whoever sends one of these may get something of their own. The same list as in the VCL. */
    private const PERSONAL_COOKIES = '/^(?:wordpress_(?!test_cookie)|wp-postpass_|comment_author_|woocommerce_|wp_woocommerce_|PHPSESSID)/';

    private readonly Shown $shown;

    public function __construct(private readonly Farm $farm)
    {
        $this->shown = new Shown();
    }

    public function register(): void
    {
        if (PHP_SAPI === 'cli') {
            return;
        }
        $this->shown->gather();
        // When the first byte goes out: after whatever the theme, a shortcode or a plugin has had to say. php.ini's output buffer holds a page of
        // usual size until its end.
        header_register_callback($this->decide(...));
        add_filter('rest_post_dispatch', $this->rest(...), PHP_INT_MAX, 3);
    }

    private function decide(): void
    {
        $status = http_response_code();
        if ($status === 503 && self::has('Retry-After') && !defined('FARM_UNAVAILABLE')) {
            // WordPress works, and a plugin says this: a maintenance page is an answer, and nothing older is to be shown in its place.
            header('X-Farm-Answer: own');
        }
        // Of a page that has not changed, the cache knows already.
        if ($status !== 304 && did_action('init') > 0 && self::isAnonymous()) {
            header($this->shown->header(isWhole: did_action('shutdown') > 0));
        }
        // What WordPress or a plugin says of its own answer holds. A 404 is an exception: WordPress forbids to keep it, to keep load off it ten seconds
        // are enough.
        if (self::has('Cache-Control') && !($status === 404 && self::ranMainQuery() && is_404())) {
            return;
        }
        header_remove('Expires');
        header('Cache-Control: ' . ($this->isForEveryone($status) ? $this->forEveryone($status === 404 ? self::NOT_FOUND_SECONDS : $this->farm->pageTtl()) : self::FOR_ONE));
    }

    /** Whoever ends before the main query has made something of his own, nobody knows what of. */
    private function isForEveryone(int $status): bool
    {
        return (in_array($status, [200, 301, 304, 404, 410], true) || ($status === 302 && self::ranMainQuery() && is_favicon()))
            && self::isAnonymous()
            && self::ranMainQuery()
            && !(defined('DONOTCACHEPAGE') && DONOTCACHEPAGE)
            && !is_preview() && !is_customize_preview() && !self::isShop()
            && !(is_singular() && (get_queried_object()?->post_password ?? '') !== '')
            && !isset($_GET['unapproved']);
    }

    private static function ranMainQuery(): bool
    {
        return did_action('wp') > 0;
    }

    private static function has(string $header): bool
    {
        return preg_grep("/^$header:/i", headers_list()) !== [];
    }

    /** Of the REST interface only the public view of WordPress's own content. */
    private function rest(\WP_REST_Response $response, \WP_REST_Server $server, \WP_REST_Request $request): \WP_REST_Response
    {
        $forEveryone = self::isAnonymous()
            && $request->get_method() === 'GET'
            && $response->get_status() === 200
            && str_starts_with($request->get_route(), '/wp/v2/')
            && !isset($request['password'])
            && in_array($request['context'], [null, 'view', 'embed'], true);
        $response->header('Cache-Control', $forEveryone ? $this->forEveryone($this->farm->pageTtl()) : self::FOR_ONE);

        return $response;
    }

    private function forEveryone(int $seconds): string
    {
        return sprintf(self::FOR_EVERYONE, $seconds, $this->farm->graceHours() * HOUR_IN_SECONDS);
    }

    private static function isAnonymous(): bool
    {
        return in_array($_SERVER['REQUEST_METHOD'] ?? '', ['GET', 'HEAD'], true)
            && !isset($_SERVER['HTTP_AUTHORIZATION'])
            && !is_user_logged_in()
            && preg_grep(self::PERSONAL_COOKIES, array_map(strval(...), array_keys($_COOKIE))) === []
            && preg_grep('/^Set-Cookie:/i', headers_list()) === [];
    }

    /** The pages of a shop that show a visitor's own things. */
    private static function isShop(): bool
    {
        return array_filter(['is_cart', 'is_checkout', 'is_account_page'], static fn (string $is) => function_exists($is) && $is()) !== [];
    }
}

(new CacheHeaders(Farm::current()))->register();
