<?php

declare(strict_types=1);

namespace WpFarm;

/** Remembers, across the requests of this container, that a site changed something while Redis did not answer. */
final class MissedWrites
{
    private readonly string $key;

    public function __construct(string $site)
    {
        $this->key = "farm:redis:missed:$site";
    }

    public function note(): void
    {
        if (apcu_enabled()) {
            apcu_store($this->key, 1);
        }
    }

    /** Whether there was one; asking forgets it. */
    public function take(): bool
    {
        return apcu_enabled() && apcu_delete($this->key);
    }
}
