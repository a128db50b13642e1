<?php

/**
 * Plugin Name: Farm: loopback
 * Description: A site that asks itself over HTTP (plugins that work in the background, the editor, Site Health) is answered by the web server of its own container: from here, no way leads to the address that visitors use.
 */

declare(strict_types=1);

namespace WpFarm;

add_action('requests-requests.before_request', static function (string &$url, array &$headers): void {
    $asked = wp_parse_url($url);
    if (!in_array($asked['host'] ?? '', Farm::current()->site(FARM_SITE)->hosts, true)) {
        return;
    }
    $headers['Host'] = $asked['host'] . (isset($asked['port']) ? ":{$asked['port']}" : '');
    $headers['X-Forwarded-Proto'] = $asked['scheme'];
    $url = 'http://127.0.0.1:8080' . ($asked['path'] ?? '/') . (isset($asked['query']) ? "?{$asked['query']}" : '');
}, 10, 2);
