<?php

declare(strict_types=1);

namespace WpFarm;

/** Counters in APCu: totals over all requests of this container, per site. */
final class Counters
{
    private const PREFIX = 'farm:counter:';

    public static function add(string $name, string $site, int $amount): void
    {
        if ($amount > 0 && apcu_enabled()) {
            apcu_inc(self::PREFIX . "$name:$site", $amount);
        }
    }

    /** @return array<string, int> site => total */
    public static function bySite(string $name): array
    {
        $totals = [];
        $prefix = self::PREFIX . "$name:";
        foreach (new \APCUIterator('/^' . preg_quote($prefix, '/') . '/', APC_ITER_KEY | APC_ITER_VALUE) as $entry) {
            $totals[substr($entry['key'], strlen($prefix))] = $entry['value'];
        }
        ksort($totals);

        return $totals;
    }
}
