<?php

declare(strict_types=1);

namespace WpFarm;

/** Remembers, across the requests of this container, that a site wrote something while Redis did not answer. */
final class MissedWrites
{
    private readonly string $key;

    public function __construct(string $site)
    {
        $this->key = "farm:redis:missed:$site";
    }

    public function record(): void
    {
        if (apcu_enabled()) {
            apcu_store($this->key, 1);
        }
    }

    /** Whether there was one. The answer is reset by the call. */
    public function consume(): bool
    {
        return apcu_enabled() && apcu_delete($this->key);
    }
}
