<?php

declare(strict_types=1);

namespace WpFarm;

/** One site of the farm. */
final class Site
{
    public readonly string $title;
    public readonly string $url;
    public readonly string $database;
    public readonly string $user;
    public readonly string $admin;
    public readonly string $email;
    public readonly string $locale;

    /** @var list<string> every host name that the site answers to */
    public readonly array $hosts;

    /** @param array<string, mixed> $config */
    public function __construct(public readonly string $id, array $config, private readonly bool $isScratch)
    {
        $this->title = $config['title'];
        $this->url = rtrim($config['url'], '/');
        $this->database = $config['database'];
        $this->user = $config['user'];
        $this->admin = $config['admin'];
        $this->email = $config['email'];
        $this->locale = $config['locale'];
        $this->hosts = $config['hosts'];
    }

    /** The port that visitors see, as it stands in a URL: ":8080", or nothing for the scheme's own. */
    public function portSuffix(): string
    {
        $port = parse_url($this->url, PHP_URL_PORT);

        return $port === null ? '' : ":$port";
    }

    public function databasePassword(): string
    {
        return $this->isScratch ? Secrets::read(Scratch::SECRET) : $this->secret('db-password');
    }

    /** @return non-empty-list<string> what the database accepts: more than the one while the key is changed */
    public function acceptedDatabasePasswords(): array
    {
        return array_map(fn (string $key): string => $this->derive('db-password', $key), Secrets::accepted('sites-key'));
    }

    /** A secret of this site alone, derived: the farm keeps one key, however many sites it has. */
    public function secret(string $purpose): string
    {
        return $this->derive($purpose, Secrets::read($this->isScratch ? Scratch::SECRET : 'sites-key'));
    }

    /** Under a key that the pools do not have: a pool that is broken into does not give away the admin passwords. */
    public function adminPassword(): string
    {
        $mac = hash_hmac('sha256', "admin-password:$this->id", Secrets::read('admin-key'), binary: true);

        return substr(strtr(base64_encode($mac), '+/', '-_'), 0, 24);
    }

    private function derive(string $purpose, #[\SensitiveParameter] string $key): string
    {
        return hash_hmac('sha256', "$purpose:$this->id", $key);
    }
}
