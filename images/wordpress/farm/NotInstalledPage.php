<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * The page of a site of farm.json whose tables the install job has not created yet. WordPress would redirect the visitor to its own
 * installer, which no visitor of a farm may use. The edge does not wait for the job, because that would delay the installed sites.
 */
final class NotInstalledPage
{
    /** Answers with this page where WordPress would redirect to its installer. */
    public static function replaceInstaller(): void
    {
        add_filter('wp_redirect', static fn (string $location): string => self::isInstaller($location) ? self::send() : $location);
    }

    private static function isInstaller(string $location): bool
    {
        return str_ends_with((string) parse_url($location, PHP_URL_PATH), '/wp-admin/install.php') && !is_blog_installed();
    }

    public static function send(): never
    {
        http_response_code(503);
        header('Content-Type: text/html; charset=utf-8');
        header('Cache-Control: no-store');
        header('Retry-After: 10');
        exit(<<<'HTML'
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Almost there</title>
            <style>body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem }</style>
            <h1>Almost there</h1>
            <p>This site is being set up. Please try again in a few seconds.</p>

            HTML);
    }
}
