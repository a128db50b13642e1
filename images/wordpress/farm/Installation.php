<?php

declare(strict_types=1);

namespace WpFarm;

/** Brings sites into being: looks at each, and starts a process for those where WordPress has something to do. */
final class Installation
{
    private const WAIT_SECONDS = 120;
    private const SITE_SECONDS = 180;
    private const PARALLEL = 2;

    private readonly SiteDatabases $databases;
    private bool $complete = true;

    /** @var list<SiteTask> */
    private array $running = [];

    public function __construct(Farm $farm)
    {
        $this->databases = new SiteDatabases($farm->databaseWriter());
    }

    public function waitForWriter(): void
    {
        $deadline = time() + self::WAIT_SECONDS;
        while (($problem = $this->databases->whyNotWritable()) !== null) {
            if (time() >= $deadline) {
                throw new \RuntimeException(sprintf('no writable database after %d s: %s', self::WAIT_SECONDS, $problem));
            }
            usleep(500_000);
        }
    }

    /**
     * @param list<Site> $sites
     * @return bool whether all of them are there
     */
    public function run(array $sites): bool
    {
        foreach ($sites as $site) {
            try {
                $this->visit($site);
            } catch (\mysqli_sql_exception $problem) {
                $this->failed($site, $problem->getMessage());
            }
        }
        $this->finishUntilAtMost(0);

        return $this->complete;
    }

    private function visit(Site $site): void
    {
        $this->databases->create($site);
        match ($this->databases->state($site)) {
            SiteState::Ready => $this->say($site, 'already there'),
            SiteState::Missing => $this->start($site, 'install'),
            SiteState::Outdated => $this->start($site, 'upgrade'),
            SiteState::Foreign => $this->failed($site, "database $site->database has tables, but not WordPress's: empty it, or name another"),
            SiteState::Unreachable => $this->failed($site, "user $site->user cannot enter database $site->database although both were just made"),
        };
    }

    private function start(Site $site, string $task): void
    {
        $this->finishUntilAtMost(self::PARALLEL - 1);
        $this->running[] = new SiteTask($site, $task, self::SITE_SECONDS);
    }

    private function finishUntilAtMost(int $count): void
    {
        while (count($this->running) > $count) {
            usleep(20_000);
            foreach ($this->running as $i => $task) {
                if ($task->hasEnded()) {
                    unset($this->running[$i]);
                    $task->problem() === null
                        ? $this->say($task->site, sprintf('%sed in %.1f s', rtrim($task->name, 'e'), $task->seconds()))
                        : $this->failed($task->site, $task->problem());
                }
            }
        }
    }

    private function say(Site $site, string $message): void
    {
        echo "site $site->id: $message\n";
    }

    private function failed(Site $site, string $problem): void
    {
        $this->complete = false;
        fwrite(STDERR, "site $site->id: failed: $problem\n  Nothing that was there is lost. Put that right and run the install job again.\n");
    }
}
