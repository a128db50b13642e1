using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>The leader lock of the autoscaler. If there are several Orchestrators, only the one that holds it scales.</summary>
internal interface IScalingLeaderLock
{
    /// <summary>Acquires the lock if it is free, and keeps it.</summary>
    /// <returns>Accepted when this Orchestrator holds the lock.</returns>
    Task<Outcome> TryAcquireAsync(CancellationToken cancel);
}
