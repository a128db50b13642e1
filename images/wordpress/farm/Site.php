<?php

declare(strict_types=1);

namespace WpFarm;

/** One site of the farm. */
final class Site
{
    private const LOGIN_KEY = 'site-login-key';

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
        $this->mailDomains = $config['mail_domains'];
    }

    /** The port in the site's URL, as ":8080"; empty for the default port of the scheme. */
    public function portSuffix(): string
    {
        $port = parse_url($this->url, PHP_URL_PORT);

        return $port === null ? '' : ":$port";
    }

    public function databasePassword(): string
    {
        return $this->isScratch ? Secrets::read(Scratch::SECRET) : $this->secret('db-password');
    }

    /** @return non-empty-list<string> the passwords that the database accepts: two while the key is rotated */
    public function acceptedDatabasePasswords(): array
    {
        return array_map(fn (string $key): string => $this->derive('db-password', $key), Secrets::accepted('sites-key'));
    }

    /** A secret of this site alone, derived from the farm's one key. */
    public function secret(string $purpose): string
    {
        return $this->derive($purpose, Secrets::read($this->isScratch ? Scratch::SECRET : 'sites-key'));
    }

    /** The password with which the site logs in to the mail server. images/mail/accounts derives it in the same way. */
    public function mailPassword(): string
    {
        return $this->derive('mail-password', Secrets::read(self::LOGIN_KEY));
    }

    /** The password with which the site logs in to the proxy to the internet. images/egress/check-login derives it in the same way. */
    public function egressPassword(): string
    {
        return $this->derive('egress-password', Secrets::read(self::LOGIN_KEY));
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

    /** Derived from a key that the pools do not have: a compromised pool does not reveal the admin passwords. */
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
