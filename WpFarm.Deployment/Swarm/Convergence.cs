namespace WpFarm.Deployment.Swarm;

/// <summary>
/// Decides whether a swarm's service has converged to what was deployed. Pure: swarm state in, progress with its reason out.
/// </summary>
internal static class Convergence
{
    /// <param name="service">The service as it is now.</param>
    /// <param name="before">The service before the deployment; null when it did not exist.</param>
    /// <param name="tasks">The service's tasks, per slot the newest first.</param>
    /// <param name="isJob">The service has converged once it has completed, rather than while it runs.</param>
    public static ServiceProgress Of(SwarmService service, SwarmService? before, IReadOnlyList<SwarmTask> tasks, bool isJob)
    {
        if (isJob)
            return Job(tasks);
        // An update status with the same start time is from an earlier deployment.
        var update = service.Update is { } now && now.StartedAt != before?.Update?.StartedAt ? now : null;
        if (update is { IsRolledBack: true, IsRunning: false } or { IsPaused: true })
            return new(ProgressState.Failed, Why(update, tasks));
        if (update is { IsRolledBack: true })
            return new(ProgressState.RollingBack, Why(update, tasks));

        var wanted = tasks.Where(task => task.Wanted == "Running").ToList();
        var running = wanted.Count(task => task.State == "Running");
        var count = service.Wanted ?? wanted.Count;
        var done = running == count && wanted.Count == count && count > 0 && update is not { IsRunning: true };
        return new(
            done ? ProgressState.Converged : ProgressState.Waiting,
            $"{running}/{count}{(LastError(tasks) is { Length: > 0 } error && !done ? $", {error}" : "")}"
        );
    }

    private static ServiceProgress Job(IReadOnlyList<SwarmTask> tasks)
    {
        // A repeating job already has its next task waiting.
        var newest = tasks.FirstOrDefault(task => task.Wanted != "Ready");
        return newest?.State == "Complete"
            ? new(ProgressState.Converged, "completed")
            : new(ProgressState.Waiting, LastError(tasks) is { Length: > 0 } error ? error : newest?.State.ToLowerInvariant() ?? "waiting");
    }

    private static string Why(UpdateState update, IReadOnlyList<SwarmTask> tasks) =>
        LastError(tasks) is { Length: > 0 } error ? $"{update.Message}: {error}" : update.Message;

    private static string LastError(IReadOnlyList<SwarmTask> tasks) =>
        tasks.Select(task => task.Error.Trim('"')).FirstOrDefault(error => error.Length > 0) ?? "";
}

internal sealed record ServiceProgress(ProgressState State, string Detail);

internal enum ProgressState
{
    Waiting,
    Converged,

    /// <summary>The swarm found that the new version does not work, and restores the old one.</summary>
    RollingBack,
    Failed,
}
