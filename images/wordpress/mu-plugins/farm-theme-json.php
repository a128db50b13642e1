<?php

/**
 * Plugin Name: Farm: theme.json
 * Description: Keeps what a theme's files say for the next page.
 */

declare(strict_types=1);

namespace WpFarm;

add_action('template_redirect', ThemeJson::prepare(...), PHP_INT_MAX);
