namespace WpFarm.Deployment.Swarm;

/// <summary>Whether a service has become what was deployed. Pure: from what the swarm says to one of four words, with the reason.</summary>
internal static class Convergence
{
    /// <param name="service">As it is now.</param>
    /// <param name="before">The same service before the deployment; null when it was not there.</param>
    /// <param name="tasks">Its tasks, of each slot the newest first.</param>
    /// <param name="isJob">It is done when it has ended well, rather than when it runs.</param>
    public static ServiceProgress Of(SwarmService service, SwarmService? before, IReadOnlyList<SwarmTask> tasks, bool isJob)
    {
        if (isJob)
            return Job(tasks);
        // What an earlier deployment left behind says nothing about this one.
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
        // One that runs again and again has its next task waiting already.
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

    /// <summary>The swarm saw that the new one does not work, and puts the old one back.</summary>
    RollingBack,
    Failed,
}
