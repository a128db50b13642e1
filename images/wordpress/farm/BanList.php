<?php

declare(strict_types=1);

namespace WpFarm;

/** Collects what of a site is no longer true, as one regular expression over path and query. */
final class BanList
{
    /** Beyond these a ban of the whole site is cheaper for Varnish than its regular expression. */
    private const MAX_PATTERNS = 50;
    private const MAX_LENGTH = 4000;

    private const EVERYTHING = '.*';

    /** What WordPress puts under a page: its other pages, its comments' pages, its feeds, its embedded form. */
    private const UNDER_A_PAGE = '(?:/(?:page/|comment-page-|feed|embed|\d+)[^?]*)?/?(?:\?.*)?';

    private bool $everything = false;

    /** @var array<string, true> */
    private array $patterns = [];

    public function everything(): void
    {
        $this->everything = true;
    }

    public function page(string $url): void
    {
        $this->add(preg_quote(rtrim(self::path($url), '/')) . self::UNDER_A_PAGE);
    }

    public function startingWith(string $url): void
    {
        $this->add(preg_quote(self::path($url)) . '.*');
    }

    /** Null: nothing to ban. */
    public function regex(): ?string
    {
        if (!$this->everything && $this->patterns === []) {
            return null;
        }
        // Escapes in a path are compared without case: browsers and WordPress write them differently.
        $regex = '(?i)^(?:' . implode('|', array_keys($this->patterns)) . ')$';
        // Space and quote would end the expression in Varnish's ban language.
        $tooMuch = count($this->patterns) > self::MAX_PATTERNS || strlen($regex) > self::MAX_LENGTH || preg_match('/[\s"]/', $regex);

        return $this->everything || $tooMuch ? self::EVERYTHING : $regex;
    }

    private function add(string $pattern): void
    {
        $this->patterns[$pattern] = true;
    }

    private static function path(string $url): string
    {
        return parse_url($url, PHP_URL_PATH) ?: '/';
    }
}
