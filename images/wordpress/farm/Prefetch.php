<?php

declare(strict_types=1);

namespace WpFarm;

/**
 * What a kind of page asked the object cache for last time, so that the next one gets it in one round trip. The lists are kept
 * beside PHP ({@see Beside}): one that is lost costs a slower page.
 *
 * A kind is a path with the names of its query parameters, apart for those who are logged in. Kinds share a fixed number of places, so that who makes up
 * addresses fills no memory: a page whose place another kind has begins with what some page of the site asked for.
 */
final class Prefetch
{
    private const PLACES = 2048;

    /** Of one list. A page with 200 posts asks for some 900. */
    private const MAX_IDS = 1500;

    /** @var array<string, list<int|string>> group => ids */
    private array $taken = [];

    private bool $isOwn = false;

    public function __construct(private readonly string $site, private readonly string $kind)
    {
    }

    /** Null: for a program on the command line, which is no page. */
    public static function ofRequest(string $site): ?self
    {
        if (PHP_SAPI === 'cli') {
            return null;
        }
        $isLoggedIn = array_any(array_keys($_COOKIE), static fn (int|string $name) => str_starts_with((string) $name, 'wordpress_logged_in_'));
        $parameters = array_keys($_GET);
        sort($parameters);
        // By these WordPress and its plugins tell many kinds at one address apart.
        $kinds = array_filter([$_REQUEST['action'] ?? '', $_GET['page'] ?? ''], is_string(...));
        $path = strtok($_SERVER['REQUEST_URI'] ?? '', '?');

        return new self($site, implode("\n", [$isLoggedIn ? 'user' : 'visitor', $_SERVER['REQUEST_METHOD'] ?? '', $path, ...$parameters, ...$kinds]));
    }

    /** @return array<string, list<int|string>> group => ids */
    public function take(): array
    {
        [$kind, $ids] = Beside::fetch($this->place()) ?: ['', []];
        $this->isOwn = $kind === $this->name();

        return $this->taken = $this->isOwn ? $ids : (Beside::fetch($this->placeOfAny()) ?: []);
    }

    /** @param array<string, array<int|string, true>> $asked group => id => asked for */
    public function keep(array $asked): void
    {
        $ids = array_filter(array_map(array_keys(...), $asked));
        if ($ids === [] || self::count($ids) > self::MAX_IDS || ($this->isOwn && !$this->isMuchElse($ids))) {
            return;
        }
        Beside::store($this->place(), [$this->name(), $ids]);
        if (!$this->isOwn) {
            Beside::store($this->placeOfAny(), $ids);
        }
    }

    /**
     * Something was asked for that was not on the list, or over a quarter of the list was not asked for.
     *
     * @param array<string, list<int|string>> $ids
     */
    private function isMuchElse(array $ids): bool
    {
        $known = 0;
        foreach ($ids as $group => $ofGroup) {
            $common = count(array_intersect($ofGroup, $this->taken[$group] ?? []));
            if ($common < count($ofGroup)) {
                return true;
            }
            $known += $common;
        }

        return $known < 0.75 * self::count($this->taken);
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

    private function place(): string
    {
        return 'prefetch:' . crc32($this->name()) % self::PLACES;
    }

    private function placeOfAny(): string
    {
        return "prefetch:any:$this->site:" . strtok($this->kind, "\n");
    }
}
