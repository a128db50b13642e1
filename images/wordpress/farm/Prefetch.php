<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * Remembers the ids that a kind of page asked the object cache for, so that the next page of that kind gets them in one round trip. The
 * lists are in {@see ProcessCache}; a lost list only makes a page slower.
 *
 * A kind is a path with the names of its query parameters; visitors and logged-in users have kinds of their own. All kinds share a fixed
 * number of slots, so that made-up addresses cannot fill the memory. A page whose slot holds another kind starts with the list of another
 * page of the site.
 */
final class Prefetch
{
    private const SLOTS = 2048;

    /** Of one list. A page with 200 posts asks for some 900. */
    private const MAX_IDS = 1500;

    /** @var array<string, list<int|string>> group => ids */
    private array $loaded = [];

    /** The loaded list is of this kind, not of another page of the site. */
    private bool $isOwn = false;

    public function __construct(private readonly string $site, private readonly string $kind)
    {
    }

    /** Null on the command line, where there is no page. */
    public static function ofRequest(string $site): ?self
    {
        if (PHP_SAPI === 'cli') {
            return null;
        }
        $isLoginCookie = static fn (int|string $name) => str_starts_with((string) $name, 'wordpress_logged_in_');
        $role = array_any(array_keys($_COOKIE), $isLoginCookie) ? 'user' : 'visitor';
        $parameters = array_keys($_GET);
        sort($parameters);
        // WordPress and its plugins distinguish many pages at one address by these parameters.
        $kinds = array_filter([$_REQUEST['action'] ?? '', $_GET['page'] ?? ''], is_string(...));
        $path = strtok($_SERVER['REQUEST_URI'] ?? '', '?');

        return new self($site, implode("\n", [$role, $_SERVER['REQUEST_METHOD'] ?? '', $path, ...$parameters, ...$kinds]));
    }

    /** @return array<string, list<int|string>> group => ids */
    public function load(): array
    {
        [$kind, $ids] = ProcessCache::fetch($this->slot()) ?: ['', []];
        $this->isOwn = $kind === $this->name();

        return $this->loaded = $this->isOwn ? $ids : (ProcessCache::fetch($this->sharedSlot()) ?: []);
    }

    /** @param array<string, array<int|string, true>> $asked group => id => true, the ids that the page has asked for */
    public function save(array $asked): void
    {
        $ids = array_filter(array_map(array_keys(...), $asked));
        if ($ids === [] || self::count($ids) > self::MAX_IDS || ($this->isOwn && !$this->differsFromLoaded($ids))) {
            return;
        }
        ProcessCache::store($this->slot(), [$this->name(), $ids]);
        if (!$this->isOwn) {
            ProcessCache::store($this->sharedSlot(), $ids);
        }
    }

    /**
     * True when the page asked for an id that was not on the list, or did not ask for over a quarter of the list.
     *
     * @param array<string, list<int|string>> $ids
     */
    private function differsFromLoaded(array $ids): bool
    {
        $known = 0;
        foreach ($ids as $group => $ofGroup) {
            $common = count(array_intersect($ofGroup, $this->loaded[$group] ?? []));
            if ($common < count($ofGroup)) {
                return true;
            }
            $known += $common;
        }

        return $known < 0.75 * self::count($this->loaded);
    }

    /** @param array<string, list<int|string>> $ids */
    private static function count(array $ids): int
    {
        return array_sum(array_map(count(...), $ids));
    }

    private function name(): string
    {
        return "$this->site\n$this->kind";
    }

    private function slot(): string
    {
        return 'prefetch:' . crc32($this->name()) % self::SLOTS;
    }

    private function sharedSlot(): string
    {
        return "prefetch:any:$this->site:" . strtok($this->kind, "\n");
    }
}
