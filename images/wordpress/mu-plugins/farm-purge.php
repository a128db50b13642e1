<?php

/**
 * Plugin Name: Farm: purge
 * Description: Bans from every Varnish the pages that an edit has changed, and adds a button that clears the caches by hand.
 */

declare(strict_types=1);

namespace WpFarm;

/** Collects bans during the request, and sends them once, at its end. */
final class Purge
{
    /** Types of posts that are not pages, but parts of any page. */
    private const PARTS_OF_PAGES = ['wp_template', 'wp_template_part', 'wp_global_styles', 'wp_navigation', 'wp_block', 'nav_menu_item'];

    /** Options that any page may show. */
    private const SHOWN_OPTIONS = '/^(?:blogname|blogdescription|permalink_structure|category_base|tag_base|show_on_front|page_on_front'
        . '|page_for_posts|posts_per_page|posts_per_rss|rss_use_excerpt|date_format|time_format|timezone_string|gmt_offset|WPLANG'
        . '|site_icon|site_logo|sticky_posts|blog_public|stylesheet|template|active_plugins|sidebars_widgets|widget_.+|theme_mods_.+)$/';

    /** Metadata that no page shows: edit locks, WordPress's pending work, and counters of visits, which would ban a page at each visit. */
    private const NOT_SHOWN_META = '/^_(?:edit_lock|edit_last|pingme|encloseme|wp_old_slug|wp_old_date|oembed_.*)$'
        . '|(?:^|_)(?:views?|hits?|visits?|counts?)(?:_|$)/';

    private const ACTION = 'farm_purge';

    /** Editors and administrators have it. */
    private const CAPABILITY = 'edit_others_posts';

    private BanList $bans;

    public function __construct()
    {
        $this->bans = new BanList();
    }

    public function register(): void
    {
        add_action('transition_post_status', $this->banChangedStatus(...), 10, 3);
        add_action('clean_post_cache', fn (int $id, \WP_Post $post) => $this->banPost($post), 10, 2);
        add_action('before_delete_post', $this->banPostById(...));
        add_action('set_object_terms', $this->banPostById(...));
        foreach (['added_post_meta', 'updated_post_meta', 'deleted_post_meta'] as $event) {
            add_action($event, fn (array|int|string $meta, int|string $id, string $key) => $this->banPostOfMeta((int) $id, $key), 10, 3);
        }
        // WooCommerce changes its stock with SQL of its own, and then fires one of these.
        foreach (['updated_product_stock', 'product_set_stock_status', 'variation_set_stock_status'] as $event) {
            add_action("woocommerce_$event", fn (int|string $id) => $this->banPostById((int) $id));
        }

        add_action('delete_attachment', $this->banFiles(...));
        add_action('edit_attachment', $this->banFiles(...));

        add_action('wp_insert_comment', fn (int $id, \WP_Comment $comment) => $this->banComment($comment), 10, 2);
        add_action('edit_comment', fn (int $id) => $this->banComment(get_comment($id)));
        add_action('transition_comment_status', $this->banChangedCommentStatus(...), 10, 3);

        foreach (['edited_term', 'delete_term', 'wp_update_nav_menu', 'switch_theme', 'customize_save_after'] as $event) {
            add_action($event, fn () => $this->bans->addWholeSite());
        }
        add_action('profile_update', $this->banAuthor(...));
        add_action('updated_user_meta', $this->banAuthorOfMeta(...), 10, 3);
        foreach (['added_option', 'updated_option', 'deleted_option'] as $event) {
            add_action($event, $this->banForOption(...));
        }

        add_action('admin_bar_menu', $this->addButton(...), 90);
        add_action('admin_post_' . self::ACTION, $this->handleButton(...));

        // After all other hooks, and after the answer: a person who saves a post does not wait for the caches.
        add_action('shutdown', $this->send(...), PHP_INT_MAX);
    }

    /** Adds "Purge caches" to the bar above each page: for the whole site, and for the present page. */
    private function addButton(\WP_Admin_Bar $bar): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            return;
        }
        $post = admin_url('admin-post.php?action=' . self::ACTION . '&page=');
        $address = static fn (string $page) => wp_nonce_url($post . rawurlencode($page), self::ACTION);
        $bar->add_node(['id' => 'farm-purge', 'title' => 'Purge caches', 'href' => $address('')]);
        if (!is_admin()) {
            $page = $address(wp_unslash($_SERVER['REQUEST_URI']));
            $bar->add_node(['id' => 'farm-purge-page', 'parent' => 'farm-purge', 'title' => 'Of this page', 'href' => $page]);
        }
        $bar->add_node(['id' => 'farm-purge-site', 'parent' => 'farm-purge', 'title' => 'Of the whole site', 'href' => $address('')]);
    }

    private function handleButton(): never
    {
        check_admin_referer(self::ACTION);
        if (!current_user_can(self::CAPABILITY)) {
            wp_die('You may not purge the caches of this site.', 403);
        }
        $page = wp_unslash($_GET['page'] ?? '');
        if (is_string($page) && $page !== '') {
            $this->bans->addPage($page);
        } else {
            wp_cache_flush();
            $this->bans->addWholeSite();
        }
        wp_safe_redirect(wp_get_referer() ?: home_url('/'));
        exit;
    }

    private function banPostById(int $id): void
    {
        $post = get_post($id);
        if ($post !== null) {
            $this->banPost($post);
        }
    }

    /** A post that is published or withdrawn changes every list of its type, and a theme may show such a list on any page. */
    private function banChangedStatus(string $new, string $old, \WP_Post $post): void
    {
        if ($new !== $old && in_array('publish', [$new, $old], true) && is_post_type_viewable($post->post_type)) {
            $this->bans->addWholeSite();
        }
        $this->banPost($post);
    }

    private function banPost(\WP_Post $post): void
    {
        if ($post->post_status !== 'publish') {
            return;
        }
        if (in_array($post->post_type, self::PARTS_OF_PAGES, true)) {
            $this->bans->addWholeSite();
        }
        $this->bans->addTags(CacheTags::post($post->ID));
        if ($post->post_parent !== 0) {
            // The page of a product shows its variations, and a page may list its child pages.
            $this->bans->addTags(CacheTags::post($post->post_parent));
        }
        if (is_post_type_viewable($post->post_type)) {
            $this->bans->addTags(CacheTags::LISTS, CacheTags::archiveOfAuthor((int) $post->post_author), ...$this->archives($post));
        }
    }

    /** @return iterable<string> the tags of the archives of its terms and of their ancestors, which list the posts of their children */
    private function archives(\WP_Post $post): iterable
    {
        foreach (array_filter(get_object_taxonomies($post->post_type), is_taxonomy_viewable(...)) as $taxonomy) {
            $terms = get_the_terms($post, $taxonomy);
            foreach (is_array($terms) ? $terms : [] as $term) {
                foreach ([$term->term_id, ...get_ancestors($term->term_id, $taxonomy, 'taxonomy')] as $id) {
                    yield CacheTags::archiveOfTerm($id);
                }
            }
        }
    }

    private function banPostOfMeta(int $id, string $key): void
    {
        if (!preg_match(self::NOT_SHOWN_META, $key) && !self::isVisit()) {
            $this->banPostById($id);
        }
    }

    /** Metadata that is computed and stored while a visitor's page is rendered is on that page already. */
    private static function isVisit(): bool
    {
        return in_array($_SERVER['REQUEST_METHOD'] ?? '', ['GET', 'HEAD'], true) && !wp_doing_cron() && !is_user_logged_in();
    }

    /** The files of an image, one for each size, begin with the same name. */
    private function banFiles(int $id): void
    {
        $url = wp_get_attachment_url($id);
        if ($url !== false) {
            $this->bans->addPrefix(preg_replace('/\.\w+$/', '', $url));
        }
        $this->bans->addTags(CacheTags::post($id));
    }

    private function banChangedCommentStatus(int|string $new, int|string $old, \WP_Comment $comment): void
    {
        if ($new === 'approved' || $old === 'approved') {
            $this->banPagesOfComment($comment);
        }
    }

    private function banComment(?\WP_Comment $comment): void
    {
        if ($comment?->comment_approved === '1') {
            $this->banPagesOfComment($comment);
        }
    }

    private function banPagesOfComment(\WP_Comment $comment): void
    {
        $this->bans->addTags(CacheTags::post((int) $comment->comment_post_ID), CacheTags::COMMENTS);
    }

    private function banAuthorOfMeta(array|int|string $meta, int|string $id, string $key): void
    {
        if ($key === 'description') {
            $this->banAuthor((int) $id);
        }
    }

    private function banAuthor(int $id): void
    {
        if (user_can($id, 'edit_posts')) {
            $this->bans->addTags(CacheTags::author($id), CacheTags::archiveOfAuthor($id));
        }
    }

    private function banForOption(string $name): void
    {
        if (preg_match(self::SHOWN_OPTIONS, $name)) {
            $this->bans->addWholeSite();
        }
    }

    private function send(): void
    {
        if ($this->bans->isEmpty()) {
            return;
        }
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        $farm = Farm::current();
        Varnish::ban($farm->varnish(), $farm->site(FARM_SITE)->hosts, $this->bans);
    }
}

// No cache has a page of a site that is being installed, or of restored data.
if (!wp_installing() && Farm::current()->varnish() !== '') {
    (new Purge())->register();
}
