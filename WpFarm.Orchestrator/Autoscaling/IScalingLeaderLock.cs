namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>Whether it is this Orchestrator that scales: of several, one does.</summary>
internal interface IScalingLeaderLock
{
    /// <summary>Takes the turn if nobody has it, and keeps it.</summary>
    /// <returns>Null: it is this one. Otherwise why not.</returns>
    Task<string?> TryAcquireAsync(CancellationToken cancel);
}
