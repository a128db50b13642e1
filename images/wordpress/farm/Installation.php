<?php

declare(strict_types=1);

namespace WpFarm;

/** Installs and upgrades sites: checks each, and starts a process for each site that WordPress must install or upgrade. */
final class Installation
{
    private const WAIT_SECONDS = 120;
    private const SITE_SECONDS = 180;
    private const PARALLEL = 2;

    private readonly SiteDatabases $databases;
    private bool $complete = true;

    /** @var list<SiteTask> */
    private array $running = [];

    public function __construct(private readonly Farm $farm)
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
     * @return bool whether all of them are installed
     */
    public function run(array $sites): bool
    {
        foreach ($this->databases->withoutSite($sites) as $database) {
            $this->note("database $database belongs to no site of farm.json: it, its user and its uploads are left as they are. "
                . 'To serve it again, name its site in farm.json');
        }
        Slots::allot($sites);
        SiteFolder::prepareAll($this->farm);
        foreach ($sites as $site) {
            try {
                $this->installOrUpgrade($site);
            } catch (\mysqli_sql_exception $problem) {
                $this->reportFailure($site, $problem->getMessage());
            }
        }
        $this->waitUntilRunning(atMost: 0);

        return $this->complete;
    }

    private function installOrUpgrade(Site $site): void
    {
        $this->databases->create($site);
        match ($this->databases->state($site)) {
            SiteState::Ready => $this->report($site, 'already there'),
            SiteState::Missing => $this->start($site, 'install'),
            SiteState::Outdated => $this->start($site, 'upgrade'),
            SiteState::Foreign => $this->reportFailure(
                $site,
                "database $site->database has tables, but not WordPress's: empty it, or name another",
            ),
            SiteState::Unreachable => $this->reportFailure(
                $site,
                "user $site->user cannot log in to database $site->database, although the job has just created both",
            ),
        };
    }

    private function start(Site $site, string $task): void
    {
        $this->waitUntilRunning(atMost: self::PARALLEL - 1);
        $this->running[] = new SiteTask($site, $task, self::SITE_SECONDS);
    }

    private function waitUntilRunning(int $atMost): void
    {
        while (count($this->running) > $atMost) {
            usleep(20_000);
            foreach ($this->running as $i => $task) {
                if ($task->hasEnded()) {
                    unset($this->running[$i]);
                    $task->failure() === null
                        ? $this->report($task->site, sprintf('%sed in %.1f s', rtrim($task->name, 'e'), $task->seconds()))
                        : $this->reportFailure($task->site, $task->failure());
                }
            }
        }
    }

    /** What the operator should know although nothing failed: ./farm up shows lines that begin like this (JobNotes.cs). */
    private function note(string $message): void
    {
        echo "note: $message\n";
    }

    private function report(Site $site, string $message): void
    {
        echo "site $site->id: $message\n";
    }

    private function reportFailure(Site $site, string $problem): void
    {
        $this->complete = false;
        fwrite(STDERR, "site $site->id: failed: $problem\n  No existing data is lost. Correct this and run the install job again.\n");
    }
}
