<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The secrets of one site. They are derived from keys that PHP of a site cannot read, and lie in a file that its Unix user alone, and the
 * farm's own PHP, can.
 */
final class SiteSecrets
{
    public const DATABASE = 'db-password';
    public const MAIL = 'mail-password';
    public const EGRESS = 'egress-password';
    public const ADMIN = 'admin-password';

    private const SALTS = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'];

    /** @return list<string> the names of WordPress's eight constants */
    public static function salts(): array
    {
        return array_merge(...array_map(static fn (string $scheme): array => ["{$scheme}_KEY", "{$scheme}_SALT"], self::SALTS));
    }

    /**
     * Derives them. Only a process that can read the farm's keys can.
     *
     * @return array<string, string> value by name
     */
    public static function derive(Farm $farm, string $site): array
    {
        $key = Secrets::read($farm->isScratch() ? Scratch::SECRET : 'sites-key');
        $values = [self::DATABASE => $farm->isScratch() ? $key : self::mac(self::DATABASE, $site, $key)];
        foreach (self::salts() as $name) {
            $values[$name] = self::mac("salt:$name", $site, $key);
        }
        if ($farm->redis() !== []) {
            $values[CacheCluster::SECRET] = Secrets::read(CacheCluster::SECRET);
        }
        if ($farm->mail() !== '' || $farm->egress() !== '') {
            // images/mail/accounts and images/egress/check-login derive these in the same way.
            $login = Secrets::read('site-login-key');
            $values[self::MAIL] = self::mac(self::MAIL, $site, $login);
            $values[self::EGRESS] = self::mac(self::EGRESS, $site, $login);
        }
        // Only the install job has this key: no pool reveals the administrators' passwords.
        if (Secrets::has('admin-key')) {
            $mac = hash_hmac('sha256', self::ADMIN . ":$site", Secrets::read('admin-key'), binary: true);
            $values[self::ADMIN] = substr(strtr(base64_encode($mac), '+/', '-_'), 0, 24);
        }

        return $values;
    }

    /** @return non-empty-list<string> the passwords that the database must accept: two while the key is rotated */
    public static function acceptedByDatabase(string $site): array
    {
        return array_map(static fn (string $key): string => self::mac(self::DATABASE, $site, $key), Secrets::accepted('sites-key'));
    }

    /** @return ?array<string, string> null: this site has no slot yet */
    public static function of(string $site): ?array
    {
        static $read = [];
        if (!array_key_exists($site, $read)) {
            $file = SiteFolder::of($site) . '/secrets';
            $read[$site] = is_readable($file) ? json_decode((string) file_get_contents($file), true, flags: JSON_THROW_ON_ERROR) : null;
        }

        return $read[$site];
    }

    private static function mac(string $purpose, string $site, #[\SensitiveParameter] string $key): string
    {
        return hash_hmac('sha256', "$purpose:$site", $key);
    }
}
