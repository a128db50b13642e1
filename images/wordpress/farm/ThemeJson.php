<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * What the files of a theme say in theme.json, kept beside PHP: reading, checking and merging them is a sixth of the time of a page of a block theme,
 * and comes out the same each time.
 *
 * It depends on files, which cannot change in a running container, and on what is in the key. Plugins that change it by a filter are left alone.
 * The name of a colour may be said in words of the language that asked first: nothing but the editor shows it, and for that nothing is kept.
 */
final class ThemeJson extends \WP_Theme_JSON_Resolver
{
    /** Before the first template, when blocks and their styles are registered. */
    public static function prepare(): void
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

        $kept = Beside::fetch($key);
        if (is_array($kept)) {
            [static::$theme, $added] = $kept;
            static::$blocks_cache['theme'] = array_fill_keys(array_keys($blocks), true);
            foreach ($added as $block => $itsStyles) {
                array_walk($itsStyles, static fn (array $style) => $styles->register($block, $style));
            }

            return;
        }
        static::get_theme_data([], ['with_supports' => false]);
        $added = [];
        foreach ($styles->get_all_registered() as $block => $itsStyles) {
            $added[$block] = array_diff_key($itsStyles, $before[$block] ?? []);
        }
        Beside::store($key, [static::$theme, array_filter($added)]);
    }
}
