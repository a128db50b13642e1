<?php

declare(strict_types=1);

namespace WpFarm;

/** A process in which WordPress installs or upgrades one site. WordPress can serve only one site per process. */
final class SiteTask
{
    private readonly float $started;

    /** @var resource */
    private $process;

    /** @var resource */
    private $output;

    private int $exitCode = -1;
    private ?float $ended = null;

    public function __construct(public readonly Site $site, public readonly string $name, private readonly int $limitSeconds)
    {
        $this->started = microtime(true);
        $this->output = tmpfile();
        $this->process = proc_open(
            ['farm-wordpress', 'as', $site->id, 'php', '-d', 'disable_functions=', __DIR__ . '/site-task.php', $name],
            [1 => $this->output, 2 => $this->output],
            $pipes,
            env_vars: ['PATH' => getenv('PATH')],
        );
    }

    public function hasEnded(): bool
    {
        $status = proc_get_status($this->process);
        if (!$status['running']) {
            $this->exitCode = $status['exitcode'];
            $this->ended = microtime(true);

            return true;
        }
        if ($this->seconds() > $this->limitSeconds) {
            proc_terminate($this->process, SIGKILL);
        }

        return false;
    }

    public function seconds(): float
    {
        return ($this->ended ?? microtime(true)) - $this->started;
    }

    /** The reason why it failed; null when it succeeded. */
    public function failure(): ?string
    {
        if ($this->exitCode === 0) {
            return null;
        }
        rewind($this->output);
        $output = trim(strip_tags((string) stream_get_contents($this->output))) ?: 'it printed nothing';

        return sprintf('%s ended with exit code %d after %.1f s: %s', $this->name, $this->exitCode, $this->seconds(), $output);
    }
}
