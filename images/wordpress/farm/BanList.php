<?php

declare(strict_types=1);

namespace WpFarm;

/** Collects what of a site is no longer true: what is shown somewhere, by name, and addresses. */
final class BanList
{
    /** Beyond these a ban of the whole site is cheaper for Varnish than its regular expressions. */
    private const MAX_NAMES = 200;
    private const MAX_PATTERNS = 50;
    private const MAX_LENGTH = 4000;

    private const EVERYTHING = ['X-Ban-Url: .*'];

    /** What WordPress puts under a page: its other pages, its comments' pages, its feeds, its embedded form. */
    private const UNDER_A_PAGE = '(?:/(?:page/|comment-page-|feed|embed|\d+)[^?]*)?/?(?:\?.*)?';

    private bool $everything = false;

    /** @var array<string, true> */
    private array $names = [];

    /** @var array<string, true> */
    private array $pages = [];

    /** @var array<string, true> */
    private array $prefixes = [];

    public function everything(): void
    {
        $this->everything = true;
    }

    /** @param string ...$names of {@see Shown} */
    public function whatShows(string ...$names): void
    {
        $this->names += array_fill_keys($names, true);
    }

    public function page(string $url): void
    {
        $this->pages[preg_quote(rtrim(self::path($url), '/'))] = true;
    }

    public function startingWith(string $url): void
    {
        $this->prefixes[preg_quote(self::path($url))] = true;
    }

    /** @return list<string> what a BAN says, a line each; none when there is nothing to ban */
    public function headers(): array
    {
        if ($this->everything || count($this->names) > self::MAX_NAMES || count($this->pages) + count($this->prefixes) > self::MAX_PATTERNS) {
            return self::EVERYTHING;
        }
        $headers = $this->names === [] ? [] : ['X-Ban-Shows: ,' . self::anyOf([...$this->names, Shown::MANY => true]) . ','];
        $alternatives = [];
        if ($this->pages !== []) {
            $alternatives[] = self::anyOf($this->pages) . self::UNDER_A_PAGE;
        }
        if ($this->prefixes !== []) {
            $alternatives[] = self::anyOf($this->prefixes) . '.*';
        }
        if ($alternatives === []) {
            return $headers;
        }
        // Browsers and WordPress write the escapes in a path differently, hence without case.
        $regex = '(?i)^(?:' . implode('|', $alternatives) . ')$';

        // Space and quote would end the expression in Varnish's ban language.
        return strlen($regex) > self::MAX_LENGTH || preg_match('/[\s"]/', $regex) ? self::EVERYTHING : [...$headers, "X-Ban-Url: $regex"];
    }

    /** @param array<string, true> $patterns */
    private static function anyOf(array $patterns): string
    {
        return '(?:' . implode('|', array_keys($patterns)) . ')';
    }

    private static function path(string $url): string
    {
        return parse_url($url, PHP_URL_PATH) ?: '/';
    }
}
