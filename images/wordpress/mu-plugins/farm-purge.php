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
        // Before the change for what the page was (its old address, its old terms), after it for what it is.
        add_action('pre_post_update', $this->postById(...));
        add_action('wp_trash_post', $this->postById(...)); // pre_post_update comes when the address has changed already
        add_action('before_delete_post', $this->postById(...));
        add_action('transition_post_status', $this->status(...), 10, 3);
        add_action('clean_post_cache', fn (int $id, \WP_Post $post) => $this->post($post), 10, 2);
        add_action('set_object_terms', $this->postById(...));

        add_action('delete_attachment', $this->files(...));
        add_action('edit_attachment', $this->files(...));

        add_action('wp_insert_comment', fn (int $id, \WP_Comment $comment) => $this->comment($comment), 10, 2);
        add_action('edit_comment', fn (int $id) => $this->comment(get_comment($id)));
        add_action('transition_comment_status', $this->commentStatus(...), 10, 3);

        foreach (['edited_term', 'delete_term', 'wp_update_nav_menu', 'switch_theme', 'customize_save_after'] as $event) {
            add_action($event, fn () => $this->bans->everything());
        }
        add_action('profile_update', $this->profile(...), 10, 2);
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
        if (!is_post_type_viewable($post->post_type)) {
            return;
        }

        $this->bans->page(get_permalink($post));
        $this->lists();
        foreach ($this->archives($post) as $url) {
            $this->bans->page($url);
        }
        // They name this one as the next and the previous.
        foreach ($this->neighbours($post) as $neighbour) {
            $this->bans->page(get_permalink($neighbour));
        }
    }

    /** What lists the newest of everything. */
    private function lists(): void
    {
        $this->bans->page(home_url('/'));
        $this->bans->page(home_url('/comments'));
        $this->bans->startingWith(rest_url());
        $this->bans->startingWith(home_url('/wp-sitemap'));
        $pageForPosts = (int) get_option('page_for_posts');
        if ($pageForPosts !== 0) {
            $this->bans->page(get_permalink($pageForPosts));
        }
    }

    /** @return iterable<string> */
    private function archives(\WP_Post $post): iterable
    {
        if ($archive = get_post_type_archive_link($post->post_type)) {
            yield $archive;
        }
        yield get_author_posts_url((int) $post->post_author);

        [$year, $month, $day] = array_map(intval(...), explode('-', substr($post->post_date, 0, 10)));
        yield get_year_link($year);
        yield get_month_link($year, $month);
        yield get_day_link($year, $month, $day);

        foreach (get_object_taxonomies($post->post_type) as $taxonomy) {
            $terms = is_taxonomy_viewable($taxonomy) ? get_the_terms($post, $taxonomy) : false;
            foreach (is_array($terms) ? $terms : [] as $term) {
                // A parent's archive lists the posts of its children.
                foreach ([$term->term_id, ...get_ancestors($term->term_id, $taxonomy, 'taxonomy')] as $id) {
                    $link = get_term_link($id, $taxonomy);
                    if (is_string($link)) {
                        yield $link;
                    }
                }
            }
        }
    }

    /** @return list<\WP_Post> */
    private function neighbours(\WP_Post $post): array
    {
        if ($post->post_type !== 'post') {
            return [];
        }
        $around = static fn (string $edge, string $order) => get_posts([
            'numberposts' => 1,
            'post__not_in' => [$post->ID],
            'date_query' => [[$edge => $post->post_date, 'inclusive' => true]],
            'order' => $order,
        ]);

        return [...$around('before', 'DESC'), ...$around('after', 'ASC')];
    }

    /** An image is many files that begin with the same name. */
    private function files(int $id): void
    {
        $url = wp_get_attachment_url($id);
        if ($url !== false) {
            $this->bans->startingWith(preg_replace('/\.\w+$/', '', $url));
        }
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
        $permalink = get_permalink((int) $comment->comment_post_ID);
        if ($permalink !== false) {
            $this->bans->page($permalink);
            $this->lists();
        }
    }

    /** Authors are named on all their posts. */
    private function profile(int $id, \WP_User $before): void
    {
        $now = get_userdata($id);
        if ($now->display_name !== $before->display_name || $now->user_nicename !== $before->user_nicename) {
            $this->bans->everything();
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
        $regex = $this->bans->regex();
        if ($regex === null) {
            return;
        }
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        $farm = Farm::current();
        Varnish::ban($farm->varnish(), $farm->site(FARM_SITE)->hosts, $regex);
    }
}

// A site that is being installed has no page in any cache, and what is shown of restored data is in none.
if (!wp_installing() && Farm::current()->varnish() !== '') {
    (new Purge())->register();
}
