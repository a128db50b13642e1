using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>How a resource was seen to be.</summary>
/// <param name="EndedAt">Tells one end from another, where Aspire knows it.</param>
internal sealed record ResourceState(string Name, ResourceCondition Condition, int? ExitCode = null, DateTime? EndedAt = null)
{
    /// <summary>What DCP says of a process that it ended. Aspire has no name for it.</summary>
    private const string Terminated = "Terminated";

    /// <summary>What DCP says when it does not know the exit code of a process.</summary>
    private const int UnknownExitCode = -1;

    /// <returns>Null: nothing that matters here.</returns>
    public static ResourceState? Of(ResourceEvent seen)
    {
        var snapshot = seen.Snapshot;
        var state = snapshot.State?.Text;
        ResourceCondition? condition =
            state == KnownResourceStates.FailedToStart ? ResourceCondition.NotStarted
            : state == Terminated || KnownResourceStates.TerminalStates.Contains(state) ? ResourceCondition.Ended
            : state == KnownResourceStates.Waiting ? ResourceCondition.Waiting
            : state == KnownResourceStates.Starting ? ResourceCondition.Starting
            : state == KnownResourceStates.Stopping ? ResourceCondition.Stopping
            : state != KnownResourceStates.Running ? null
            : snapshot.HealthStatus is HealthStatus.Healthy ? ResourceCondition.Healthy
            : ResourceCondition.Running;
        var exitCode = snapshot.ExitCode is UnknownExitCode ? null : snapshot.ExitCode;
        return condition is { } known ? new(seen.Resource.Name, known, exitCode, snapshot.StopTimeStamp) : null;
    }
}

internal enum ResourceCondition
{
    /// <summary>Nothing was seen of it.</summary>
    Unknown,

    /// <summary>For others, before it starts.</summary>
    Waiting,
    Starting,

    /// <summary>And not healthy yet, or not any more.</summary>
    Running,
    Healthy,

    /// <summary>Somebody told it to end.</summary>
    Stopping,
    Ended,

    /// <summary>The attempt failed.</summary>
    NotStarted,
}
