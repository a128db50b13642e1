<?php

/**
 * One configuration for every site of the farm. The host name selects the site; on the command line, FARM_SITE does.
 * It contains no secret: passwords and salts are in a file that the Unix user of the site alone can read.
 */

declare(strict_types=1);

require_once '/usr/local/lib/wpfarm/autoload.php';

(static function (): void {
    $farm = WpFarm\Farm::current();
    $cli = PHP_SAPI === 'cli';
    // nginx passes the host name in lower case and without the port.
    $site = $cli ? $farm->site((string) getenv('FARM_SITE')) : $farm->siteOfHost($_SERVER['SERVER_NAME'] ?? '');
    if ($site === null) {
        if ($cli) {
            fwrite(STDERR, "FARM_SITE is not the id of a site of this farm; set it to one of farm.json's sites\n");
            exit(2);
        }
        http_response_code(404);
        header('Content-Type: text/plain');
        exit("Not found\n");
    }

    if (!$site->isReady()) {
        if ($cli) {
            $problem = sprintf('user %d cannot read the secrets of site %s', posix_geteuid(), $site->id);
            fwrite(STDERR, "$problem: run this with farm-wordpress as $site->id …\n");
            exit(2);
        }
        WpFarm\NotInstalledPage::send();
    }

    define('FARM_SITE', $site->id);
    // For farm/sendmail.php, which PHP's mail() starts. PHP restores the environment after the request.
    putenv("FARM_SITE=$site->id");
    if ($farm->isScratch() && !$cli) {
        WpFarm\Scratch::allowPagesOnly($site);
    }

    // WordPress compares this with the site's URL and redirects when they differ. The port is taken from the URL, because the port that
    // a proxy saw is not the one that the visitor sees.
    $_SERVER['HTTP_HOST'] = ($cli ? (string) parse_url($site->url, PHP_URL_HOST) : $_SERVER['SERVER_NAME']) . $site->portSuffix();
    define('WP_HOME', $site->url);
    define('WP_SITEURL', $site->url);

    define('DB_NAME', $site->database);
    define('DB_USER', $site->user);
    define('DB_PASSWORD', $site->databasePassword());
    define('DB_HOST', $farm->databaseWriter());
    // For plugins that open database connections of their own.
    define('MYSQL_CLIENT_FLAGS', WpFarm\DatabaseConnection::FLAGS);
    define('DB_CHARSET', 'utf8mb4');
    define('DB_COLLATE', 'utf8mb4_unicode_520_ci');

    foreach (WpFarm\SiteSecrets::salts() as $name) {
        define($name, $site->secret($name));
    }

    // A session of one site is not valid at another. (wp-cron.php sends its answer before it loads WordPress; the setting is fixed then.)
    if (!headers_sent() && $farm->redis() !== []) {
        $password = $site->secret(WpFarm\CacheCluster::SECRET);
        ini_set('session.save_path', ini_get('session.save_path') . "&prefix=session:$site->id:&auth=$password");
    }

    // The one way to the internet. WordPress has constants for it; libraries that use curl themselves read the environment.
    if ($farm->egress() !== '') {
        [$proxy, $port] = explode(':', $farm->egress());
        define('WP_PROXY_HOST', $proxy);
        define('WP_PROXY_PORT', $port);
        define('WP_PROXY_USERNAME', $site->id);
        define('WP_PROXY_PASSWORD', $site->secret(WpFarm\SiteSecrets::EGRESS));
        define('WP_PROXY_BYPASS_HOSTS', implode(', ', ['localhost', ...$site->hosts]));
        $address = sprintf('http://%s:%s@%s', $site->id, WP_PROXY_PASSWORD, $farm->egress());
        putenv("http_proxy=$address");
        putenv("https_proxy=$address");
        putenv('no_proxy=' . implode(',', ['localhost', '127.0.0.1', ...$site->hosts]));
    }

    // The code comes with the image and changes only with it, on all containers.
    define('DISALLOW_FILE_MODS', true);
    define('AUTOMATIC_UPDATER_DISABLED', true);
    // The Orchestrator calls wp-cron.php.
    define('DISABLE_WP_CRON', true);

    define('WP_DEBUG', false);
    define('WP_TEMP_DIR', WpFarm\SiteFolder::temporary(posix_geteuid()));
})();

$table_prefix = 'wp_';

defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');

require_once ABSPATH . 'wp-settings.php';
