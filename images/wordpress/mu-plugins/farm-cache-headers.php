<?php

/**
 * Plugin Name: Farm: cache headers
 * Description: Sets Cache-Control where WordPress and its plugins have not, so that the caches know which answers they may share.
 */

declare(strict_types=1);

namespace WpFarm;

final class CacheHeaders
{
    /**
     * Browsers ask every time, because nobody can purge them. The shared caches keep a page, and may serve it past its age while they
     * fetch a new one or when they cannot. Changed pages are purged, so the age is only the last resort.
     */
    private const CACHE_PUBLIC = 'public, max-age=0, s-maxage=%d, stale-while-revalidate=60, stale-if-error=%d';

    /** Nothing purges a 404 when its page is created, so it expires soon. */
    private const NOT_FOUND_SECONDS = 10;

    private const CACHE_PRIVATE = 'private, no-store';

    /** A visitor who sends one of these may get pages of his own. The same list is in the VCL. */
    private const PERSONAL_COOKIES = '/^(?:wordpress_(?!test_cookie)|wp-postpass_|comment_author_|woocommerce_|wp_woocommerce_|PHPSESSID)/';

    private readonly CacheTags $tags;

    public function __construct(private readonly Farm $farm)
    {
        $this->tags = new CacheTags();
    }

    public function register(): void
    {
        if (PHP_SAPI === 'cli') {
            return;
        }
        $this->tags->register();
        // Runs when the first byte is sent, after the theme, shortcodes and plugins have set their headers. php.ini's output buffer holds
        // a page of usual size until its end.
        header_register_callback($this->setHeaders(...));
        add_filter('rest_post_dispatch', $this->setRestHeaders(...), PHP_INT_MAX, 3);
    }

    private function setHeaders(): void
    {
        $status = http_response_code();
        if ($status === 503 && self::has('Retry-After') && !defined('FARM_UNAVAILABLE')) {
            // WordPress works, and a plugin sends this: visitors must get the maintenance page, not an older page in its place.
            header('X-Farm-Answer: own');
        }
        // On a 304 the cache has the tags already.
        if ($status !== 304 && did_action('init') > 0 && self::isAnonymous()) {
            header($this->tags->header(isComplete: did_action('shutdown') > 0));
        }
        // A Cache-Control of WordPress or of a plugin stays. A 404 is an exception: WordPress forbids to cache it, but ten seconds in the
        // cache keep the load of a scan away from PHP.
        if (self::has('Cache-Control') && !($status === 404 && self::ranMainQuery() && is_404())) {
            return;
        }
        header_remove('Expires');
        $seconds = $status === 404 ? self::NOT_FOUND_SECONDS : $this->farm->pageTtl();
        header('Cache-Control: ' . ($this->isPublic($status) ? $this->publicFor($seconds) : self::CACHE_PRIVATE));
    }

    /** An answer that was made before the main query is a plugin's own; it may depend on anything, so it is private. */
    private function isPublic(int $status): bool
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

    /** Of the REST API, only the public view of WordPress's own content is cached. */
    private function setRestHeaders(\WP_REST_Response $response, \WP_REST_Server $server, \WP_REST_Request $request): \WP_REST_Response
    {
        $isPublic = self::isAnonymous()
            && $request->get_method() === 'GET'
            && $response->get_status() === 200
            && str_starts_with($request->get_route(), '/wp/v2/')
            && !isset($request['password'])
            && in_array($request['context'], [null, 'view', 'embed'], true);
        $response->header('Cache-Control', $isPublic ? $this->publicFor($this->farm->pageTtl()) : self::CACHE_PRIVATE);

        return $response;
    }

    private function publicFor(int $seconds): string
    {
        return sprintf(self::CACHE_PUBLIC, $seconds, $this->farm->graceHours() * HOUR_IN_SECONDS);
    }

    private static function isAnonymous(): bool
    {
        return in_array($_SERVER['REQUEST_METHOD'] ?? '', ['GET', 'HEAD'], true)
            && !isset($_SERVER['HTTP_AUTHORIZATION'])
            && !is_user_logged_in()
            && preg_grep(self::PERSONAL_COOKIES, array_map(strval(...), array_keys($_COOKIE))) === []
            && preg_grep('/^Set-Cookie:/i', headers_list()) === [];
    }

    /** The pages of a shop that show a visitor's own cart, order or account. */
    private static function isShop(): bool
    {
        $applies = static fn (string $condition): bool => function_exists($condition) && $condition();

        return array_filter(['is_cart', 'is_checkout', 'is_account_page'], $applies) !== [];
    }
}

(new CacheHeaders(Farm::current()))->register();
