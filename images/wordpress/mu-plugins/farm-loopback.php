<?php

/**
 * Plugin Name: Farm: loopback
 * Description: Sends the HTTP requests of a site to itself to the web server of its own container.
 *
 * Background jobs of plugins, the editor and Site Health make such requests. The networks of a pool have no route to the address that
 * visitors use.
 */

declare(strict_types=1);

namespace WpFarm;

add_action('requests-requests.before_request', static function (string &$url, array &$headers): void {
    $target = wp_parse_url($url);
    if (!in_array($target['host'] ?? '', Farm::current()->site(FARM_SITE)->hosts, true)) {
        return;
    }
    $headers['Host'] = $target['host'] . (isset($target['port']) ? ":{$target['port']}" : '');
    $headers['X-Forwarded-Proto'] = $target['scheme'];
    $url = 'http://127.0.0.1:8080' . ($target['path'] ?? '/') . (isset($target['query']) ? "?{$target['query']}" : '');
}, 10, 2);
