<?php

declare(strict_types=1);

namespace WpFarm;

/** Collects the cached pages of a site that are out of date: by cache tag ({@see CacheTags}) and by address. */
final class BanList
{
    /** Above these numbers, one ban of the whole site costs Varnish less than the regular expressions. */
    private const MAX_TAGS = 200;
    private const MAX_PATTERNS = 50;
    private const MAX_LENGTH = 4000;

    private const WHOLE_SITE = ['X-Ban-Url: .*'];

    /** The addresses that WordPress adds below a page: its further pages, pages of comments, feeds, and the embedded form. */
    private const UNDER_A_PAGE = '(?:/(?:page/|comment-page-|feed|embed|\d+)[^?]*)?/?(?:\?.*)?';

    private bool $wholeSite = false;

    /** @var array<string, true> */
    private array $tags = [];

    /** @var array<string, true> */
    private array $pages = [];

    /** @var array<string, true> */
    private array $prefixes = [];

    public function addWholeSite(): void
    {
        $this->wholeSite = true;
    }

    /** @param string ...$tags of {@see CacheTags} */
    public function addTags(string ...$tags): void
    {
        $this->tags += array_fill_keys($tags, true);
    }

    public function addPage(string $url): void
    {
        $this->pages[preg_quote(rtrim(self::path($url), '/'))] = true;
    }

    /** Adds each address that begins with the path of this one. */
    public function addPrefix(string $url): void
    {
        $this->prefixes[preg_quote(self::path($url))] = true;
    }

    public function isEmpty(): bool
    {
        return !$this->wholeSite && $this->tags === [] && $this->pages === [] && $this->prefixes === [];
    }

    /** @return list<string> the headers of a BAN request; an empty list when there is nothing to ban */
    public function headers(): array
    {
        $patterns = count($this->pages) + count($this->prefixes);
        if ($this->wholeSite || count($this->tags) > self::MAX_TAGS || $patterns > self::MAX_PATTERNS) {
            return self::WHOLE_SITE;
        }
        $headers = $this->tags === [] ? [] : ['X-Ban-Shows: ,' . self::anyOf([...$this->tags, CacheTags::MANY => true]) . ','];
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
        // Case-insensitive, because browsers and WordPress write the escapes of a path differently.
        $regex = '(?i)^(?:' . implode('|', $alternatives) . ')$';

        // A space or a quote would end the expression in Varnish's ban language.
        return strlen($regex) > self::MAX_LENGTH || preg_match('/[\s"]/', $regex) ? self::WHOLE_SITE : [...$headers, "X-Ban-Url: $regex"];
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
