<?php

/**
 * Plugin Name: Farm: theme.json
 * Description: Caches the merged theme.json of a theme between requests.
 */

declare(strict_types=1);

namespace WpFarm;

add_action('template_redirect', ThemeJsonCache::load(...), PHP_INT_MAX);
