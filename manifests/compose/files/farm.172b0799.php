<?php

declare(strict_types=1);

return [
    'sites' => [
        'blog' => [
            'title' => 'The Blog',
            'database' => 'wp_blog',
            'user' => 'scratch',
            'url' => 'http://blog.farm.localhost:8080',
            'hosts' => ['blog.farm.localhost'],
            'mail_domains' => ['blog.farm.localhost'],
            'admin' => 'admin',
            'email' => 'admin@farm.localhost',
            'locale' => 'en_US',
        ],
        'shop' => [
            'title' => 'The Shop',
            'database' => 'wp_shop',
            'user' => 'scratch',
            'url' => 'http://shop.farm.localhost:8080',
            'hosts' => ['shop.farm.localhost'],
            'mail_domains' => ['shop.farm.localhost'],
            'admin' => 'admin',
            'email' => 'admin@farm.localhost',
            'locale' => 'en_US',
        ],
    ],
    'hosts' => [
        'blog.farm.localhost' => 'blog',
        'shop.farm.localhost' => 'shop',
    ],
    'redis' => [],
    'memcached' => [],
    'query_cache' => 0,
    'varnish' => '',
    'egress' => '',
    'mail' => '',
    'page_ttl' => 600,
    'grace_hours' => 24,
    'database' => [
        'writer' => 'db-scratch:3308',
        'reader' => 'db-scratch:3308',
    ],
    'scratch' => 1,
];
