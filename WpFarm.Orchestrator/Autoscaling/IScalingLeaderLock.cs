using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>Whether it is this Orchestrator that scales: of several, one does.</summary>
internal interface IScalingLeaderLock
{
    /// <summary>Takes the turn if nobody has it, and keeps it.</summary>
    /// <returns>Accepted: this Orchestrator scales.</returns>
    Task<Outcome> TryAcquireAsync(CancellationToken cancel);
}
