<?php

/**
 * Plugin Name: Farm: uploads
 * Description: Stores a site's uploads in its own directory on the shared volume. nginx serves them under the usual address.
 */

declare(strict_types=1);

namespace WpFarm;

add_filter('pre_option_upload_path', static fn () => '/srv/uploads/' . FARM_SITE);
add_filter('pre_option_upload_url_path', static fn () => content_url('uploads'));
