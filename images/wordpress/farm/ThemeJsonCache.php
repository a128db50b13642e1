<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Caches a theme's merged theme.json in {@see ProcessCache}. To read, check and merge the files takes a sixth of the time of a page of a
 * block theme, and the result is the same each time.
 *
 * The result depends on files, which cannot change in a running container, and on what is in the key. When a plugin filters theme.json,
 * nothing is cached. The names of colours are translated into the language of the first request; only the editor shows them, and the
 * editor does not use this cache.
 */
final class ThemeJsonCache extends \WP_Theme_JSON_Resolver
{
    /** Call it before the first template, when blocks and their styles are registered. */
    public static function load(): void
    {
        if (static::$theme !== null || !wp_theme_has_theme_json() || has_filter('wp_theme_json_data_theme') || is_customize_preview()) {
            return;
        }
        $styles = \WP_Block_Styles_Registry::get_instance();
        $before = $styles->get_all_registered();
        $blocks = \WP_Block_Type_Registry::get_instance()->get_all_registered();
        $theme = wp_get_theme();
        $key = 'theme-json:' . hash('xxh128', (string) json_encode([
            wp_get_wp_version(),
            $theme->get_stylesheet_directory(),
            $theme->get('Version'),
            $theme->parent() ? $theme->parent()->get('Version') : '',
            array_map(static fn (\WP_Block_Type $block): array => [$block->supports, $block->selectors, $block->styles], $blocks),
            $before,
        ], JSON_PARTIAL_OUTPUT_ON_ERROR));

        $cached = ProcessCache::fetch($key);
        if (is_array($cached)) {
            [static::$theme, $added] = $cached;
            static::$blocks_cache['theme'] = array_fill_keys(array_keys($blocks), true);
            foreach ($added as $block => $blockStyles) {
                array_walk($blockStyles, static fn (array $style) => $styles->register($block, $style));
            }

            return;
        }
        static::get_theme_data([], ['with_supports' => false]);
        $added = [];
        foreach ($styles->get_all_registered() as $block => $blockStyles) {
            $added[$block] = array_diff_key($blockStyles, $before[$block] ?? []);
        }
        ProcessCache::store($key, [static::$theme, array_filter($added)]);
    }
}
