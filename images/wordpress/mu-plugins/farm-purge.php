<?php

/**
 * Plugin Name: Farm: purge
 * Description: Takes out of every Varnish what an edit has made untrue; and a button for what it does not see.
 */

declare(strict_types=1);

namespace WpFarm;

/** Gathers during the request, sends once at its end. */
final class Purge
{
    /** Posts that are not pages but parts of pages, of any of them. */
    private const PARTS_OF_PAGES = ['wp_template', 'wp_template_part', 'wp_global_styles', 'wp_navigation', 'wp_block', 'nav_menu_item'];

    /** Options that show on any page. */
    private const SHOWN_OPTIONS = '/^(?:blogname|blogdescription|permalink_structure|category_base|tag_base|show_on_front|page_on_front'
        . '|page_for_posts|posts_per_page|posts_per_rss|rss_use_excerpt|date_format|time_format|timezone_string|gmt_offset|WPLANG'
        . '|site_icon|site_logo|sticky_posts|blog_public|stylesheet|template|active_plugins|sidebars_widgets|widget_.+|theme_mods_.+)$/';

    /** Who edits a post, what WordPress has still to do for it, and counters of visits, which would keep a page out of the caches. */
    private const NOT_SHOWN_META = '/^_(?:edit_lock|edit_last|pingme|encloseme|wp_old_slug|wp_old_date|oembed_.*)$|(?:^|_)(?:views?|hits?|visits?|counts?)(?:_|$)/';

    private const ACTION = 'farm_purge';

    /** Of editors. */
    private const CAPABILITY = 'edit_others_posts';

    private BanList $bans;

    public function __construct()
    {
        $this->bans = new BanList();
    }

    public function register(): void
    {
        add_action('transition_post_status', $this->status(...), 10, 3);
        add_action('clean_post_cache', fn (int $id, \WP_Post $post) => $this->post($post), 10, 2);
        add_action('before_delete_post', $this->postById(...));
        add_action('set_object_terms', $this->postById(...));
        foreach (['added_post_meta', 'updated_post_meta', 'deleted_post_meta'] as $event) {
            add_action($event, fn (array|int|string $meta, int|string $id, string $key) => $this->postMeta((int) $id, $key), 10, 3);
        }
        // WooCommerce counts its stock in SQL of its own, and then says so.
        foreach (['woocommerce_updated_product_stock', 'woocommerce_product_set_stock_status', 'woocommerce_variation_set_stock_status'] as $event) {
            add_action($event, fn (int|string $id) => $this->postById((int) $id));
        }

        add_action('delete_attachment', $this->files(...));
        add_action('edit_attachment', $this->files(...));

        add_action('wp_insert_comment', fn (int $id, \WP_Comment $comment) => $this->comment($comment), 10, 2);
        add_action('edit_comment', fn (int $id) => $this->comment(get_comment($id)));
        add_action('transition_comment_status', $this->commentStatus(...), 10, 3);

        foreach (['edited_term', 'delete_term', 'wp_update_nav_menu', 'switch_theme', 'customize_save_after'] as $event) {
            add_action($event, fn () => $this->bans->everything());
        }
        add_action('profile_update', $this->author(...));
        add_action('updated_user_meta', fn (array|int|string $meta, int|string $id, string $key) => $key === 'description' && $this->author((int) $id), 10, 3);
        foreach (['added_option', 'updated_option', 'deleted_option'] as $event) {
            add_action($event, $this->option(...));
        }

        add_action('admin_bar_menu', $this->button(...), 90);
        add_action('admin_post_' . self::ACTION, $this->pressed(...));

        // After everything else, and after the answer: whoever saves a post does not wait for the caches.
        add_action('shutdown', $this->send(...), PHP_INT_MAX);
    }

    /** "Purge caches" in the bar above each page: of the whole site, and of the page that is looked at. */
    private function button(\WP_Admin_Bar $bar): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            return;
        }
        $address = static fn (string $page) => wp_nonce_url(admin_url('admin-post.php?action=' . self::ACTION . '&page=' . rawurlencode($page)), self::ACTION);
        $bar->add_node(['id' => 'farm-purge', 'title' => 'Purge caches', 'href' => $address('')]);
        if (!is_admin()) {
            $bar->add_node(['id' => 'farm-purge-page', 'parent' => 'farm-purge', 'title' => 'Of this page', 'href' => $address(wp_unslash($_SERVER['REQUEST_URI']))]);
        }
        $bar->add_node(['id' => 'farm-purge-site', 'parent' => 'farm-purge', 'title' => 'Of the whole site', 'href' => $address('')]);
    }

    private function pressed(): never
    {
        check_admin_referer(self::ACTION);
        if (!current_user_can(self::CAPABILITY)) {
            wp_die('You may not purge the caches of this site.', 403);
        }
        $page = wp_unslash($_GET['page'] ?? '');
        if (is_string($page) && $page !== '') {
            $this->bans->page($page);
        } else {
            wp_cache_flush();
            $this->bans->everything();
        }
        wp_safe_redirect(wp_get_referer() ?: home_url('/'));
        exit;
    }

    private function postById(int $id): void
    {
        $post = get_post($id);
        if ($post !== null) {
            $this->post($post);
        }
    }

    /** A post that appears or goes away is a line more or less in every list of its type, and a theme may show one on any page. */
    private function status(string $new, string $old, \WP_Post $post): void
    {
        if ($new !== $old && in_array('publish', [$new, $old], true) && is_post_type_viewable($post->post_type)) {
            $this->bans->everything();
        }
        $this->post($post);
    }

    private function post(\WP_Post $post): void
    {
        if ($post->post_status !== 'publish') {
            return;
        }
        if (in_array($post->post_type, self::PARTS_OF_PAGES, true)) {
            $this->bans->everything();
        }
        $this->bans->whatShows(Shown::post($post->ID));
        if ($post->post_parent !== 0) {
            // A variation is on the page of its product, a page in a list of its parent's.
            $this->bans->whatShows(Shown::post($post->post_parent));
        }
        if (is_post_type_viewable($post->post_type)) {
            $this->bans->whatShows(Shown::LISTS, Shown::archiveOfAuthor((int) $post->post_author), ...$this->archives($post));
        }
    }

    /** @return iterable<string> of its terms and of theirs above: a parent's archive lists the posts of its children */
    private function archives(\WP_Post $post): iterable
    {
        foreach (array_filter(get_object_taxonomies($post->post_type), is_taxonomy_viewable(...)) as $taxonomy) {
            $terms = get_the_terms($post, $taxonomy);
            foreach (is_array($terms) ? $terms : [] as $term) {
                foreach ([$term->term_id, ...get_ancestors($term->term_id, $taxonomy, 'taxonomy')] as $id) {
                    yield Shown::archiveOfTerm($id);
                }
            }
        }
    }

    private function postMeta(int $id, string $key): void
    {
        if (!preg_match(self::NOT_SHOWN_META, $key) && !self::isVisit()) {
            $this->postById($id);
        }
    }

    /** What is worked out and stored while a page is made for a visitor is on that page already. */
    private static function isVisit(): bool
    {
        return in_array($_SERVER['REQUEST_METHOD'] ?? '', ['GET', 'HEAD'], true) && !wp_doing_cron() && !is_user_logged_in();
    }

    /** An image is many files that begin with the same name. */
    private function files(int $id): void
    {
        $url = wp_get_attachment_url($id);
        if ($url !== false) {
            $this->bans->startingWith(preg_replace('/\.\w+$/', '', $url));
        }
        $this->bans->whatShows(Shown::post($id));
    }

    private function commentStatus(int|string $new, int|string $old, \WP_Comment $comment): void
    {
        if ($new === 'approved' || $old === 'approved') {
            $this->commentedPost($comment);
        }
    }

    private function comment(?\WP_Comment $comment): void
    {
        if ($comment?->comment_approved === '1') {
            $this->commentedPost($comment);
        }
    }

    private function commentedPost(\WP_Comment $comment): void
    {
        $this->bans->whatShows(Shown::post((int) $comment->comment_post_ID), Shown::COMMENTS);
    }

    private function author(int $id): void
    {
        if (user_can($id, 'edit_posts')) {
            $this->bans->whatShows(Shown::author($id), Shown::archiveOfAuthor($id));
        }
    }

    private function option(string $name): void
    {
        if (preg_match(self::SHOWN_OPTIONS, $name)) {
            $this->bans->everything();
        }
    }

    private function send(): void
    {
        if ($this->bans->headers() === []) {
            return;
        }
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        $farm = Farm::current();
        Varnish::ban($farm->varnish(), $farm->site(FARM_SITE)->hosts, $this->bans);
    }
}

// A site that is being installed has no page in any cache, and what is shown of restored data is in none.
if (!wp_installing() && Farm::current()->varnish() !== '') {
    (new Purge())->register();
}
