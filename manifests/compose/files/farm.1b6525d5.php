<?php

declare(strict_types=1);

return [
    'sites' => [
        'blog' => [
            'title' => 'The Blog',
            'database' => 'wp_blog',
            'user' => 'wp_blog',
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
            'user' => 'wp_shop',
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
    'redis' => ['redis-1:6379', 'redis-2:6379', 'redis-3:6379', 'redis-4:6379', 'redis-5:6379', 'redis-6:6379'],
    'memcached' => ['memcached:11211'],
    'query_cache' => 1,
    'varnish' => 'varnish:6081',
    'egress' => 'egress:3128',
    'mail' => 'mail:2525',
    'page_ttl' => 600,
    'grace_hours' => 24,
    'database' => [
        'writer' => 'db-writer:3306',
        'reader' => 'db-reader:3307',
    ],
    'scratch' => 0,
];
