using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Runs one task at a time: a backup made during a restore would be useless, and so would two backups at once.</summary>
internal sealed partial class BackupWork(BackupState state, BackupMetrics metrics, TimeProvider time, ILogger<BackupWork> logger)
{
    private readonly Lock _lock = new();
    private CancellationToken _stop = new(canceled: true);

    public Task Current { get; private set; } = Task.CompletedTask;

    /// <summary>Allows tasks until <paramref name="stop"/> is cancelled.</summary>
    public void Allow(CancellationToken stop)
    {
        lock (_lock)
            _stop = stop;
    }

    /// <param name="what">Name of the task for the reports and metrics, such as <c>full</c>.</param>
    /// <param name="work">The task. It reports its progress.</param>
    /// <returns>Accepted when the task has begun.</returns>
    public Outcome TryBegin(string what, Func<Action<BackupReport>, CancellationToken, Task> work)
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return Outcome.Refused(state.Trouble ?? "this Orchestrator does not keep the backups now");
            if (!Current.IsCompleted)
                return Outcome.Refused($"{state.Running?.What ?? "other work"} is under way since {state.Running?.Since:HH:mm:ss}");
            Current = RunAsync(what, work, _stop);
            return Outcome.Accepted;
        }
    }

    private async Task RunAsync(string what, Func<Action<BackupReport>, CancellationToken, Task> work, CancellationToken stop)
    {
        await Task.Yield();
        var began = time.GetTimestamp();
        try
        {
            await work(state.Publish, stop);
            var took = time.GetElapsedTime(began);
            metrics.Worked(what, took, succeeded: true);
            LogDone(what, took.TotalSeconds);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Fail("it was stopped");
        }
        catch (Exception e)
        {
            Fail(e.Message);
            metrics.Worked(what, time.GetElapsedTime(began), succeeded: false);
            if (e is PhaseFailedException or IOException or HttpRequestException or TimeoutException or RefusedException)
                LogFailed(what, e.Message);
            else
                LogBroken(what, e);
        }
    }

    /// <summary>Marks the present report as failed, because its task has ended.</summary>
    private void Fail(string why)
    {
        if (state.Running is { } report)
            state.Publish(
                report with
                {
                    Running = null,
                    Failure = report.Running is { } phase ? $"{phase}: {why}" : why,
                    Ended = time.GetUtcNow(),
                }
            );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{What}: done in {Seconds:0.0} s")]
    private partial void LogDone(string what, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} failed: {Error}")]
    private partial void LogFailed(string what, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What} failed")]
    private partial void LogBroken(string what, Exception error);
}
