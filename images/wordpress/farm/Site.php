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

    /** @var list<string> every host name of the site */
    public readonly array $hosts;

    /** @var non-empty-list<string> domains that the site may send mail from, its own first */
    private readonly array $mailDomains;

    /** @param array<string, mixed> $config */
    public function __construct(public readonly string $id, array $config)
    {
        $this->title = $config['title'];
        $this->url = rtrim($config['url'], '/');
        $this->database = $config['database'];
        $this->user = $config['user'];
        $this->admin = $config['admin'];
        $this->email = $config['email'];
        $this->locale = $config['locale'];
        $this->hosts = $config['hosts'];
        $this->mailDomains = $config['mail_domains'];
    }

    /** The port in the site's URL, as ":8080"; empty for the default port of the scheme. */
    public function portSuffix(): string
    {
        $port = parse_url($this->url, PHP_URL_PORT);

        return $port === null ? '' : ":$port";
    }

    /** Whether the site has a Unix user in this container, and this process may know the site's secrets. */
    public function isReady(): bool
    {
        return SiteSecrets::of($this->id) !== null;
    }

    public function databasePassword(): string
    {
        return $this->secret(SiteSecrets::DATABASE);
    }

    /** @return non-empty-list<string> the passwords that the database accepts: two while the key is rotated */
    public function acceptedDatabasePasswords(): array
    {
        return SiteSecrets::acceptedByDatabase($this->id);
    }

    /** @param string $name of {@see SiteSecrets} */
    public function secret(string $name): string
    {
        return SiteSecrets::of($this->id)[$name]
            ?? throw new \RuntimeException("user " . posix_geteuid() . " cannot read the secret $name of site $this->id");
    }

    /** The address to which a mail that cannot be delivered is returned; also the one from which WordPress itself sends. */
    public function mailSender(): string
    {
        return "wordpress@{$this->mailDomains[0]}";
    }

    public function maySendFrom(string $address): bool
    {
        return in_array(strtolower(substr((string) strrchr($address, '@'), 1)), $this->mailDomains, true);
    }
}
