using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>The observed state of a resource.</summary>
/// <param name="EndedAt">When it ended, if Aspire knows; distinguishes one end from the next.</param>
internal sealed record ResourceState(string Name, ResourceCondition Condition, int? ExitCode = null, DateTime? EndedAt = null)
{
    /// <summary>DCP's state of a process that DCP ended. Aspire has no constant for it.</summary>
    private const string Terminated = "Terminated";

    /// <summary>DCP's exit code of a process whose exit code it does not know.</summary>
    private const int UnknownExitCode = -1;

    /// <returns>Null when the event carries no state that <see cref="ResourceCondition"/> knows.</returns>
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
    /// <summary>No event was seen yet.</summary>
    Unknown,

    /// <summary>Waits for other resources before it starts.</summary>
    Waiting,
    Starting,

    /// <summary>Runs, and is not healthy yet or no longer.</summary>
    Running,
    Healthy,

    /// <summary>A person told it to stop.</summary>
    Stopping,
    Ended,

    /// <summary>The attempt failed.</summary>
    NotStarted,
}
