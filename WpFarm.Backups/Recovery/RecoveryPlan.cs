using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>What to fetch and apply, in order, and the result.</summary>
/// <param name="Logs">Logs to apply. The last one is applied up to the target only.</param>
/// <param name="Position">Position afterwards, if the last log is applied to its end.</param>
/// <param name="Moment">Every transaction committed before this moment is recovered.</param>
/// <param name="Gap">
/// The gap that ends the recovery. Only for <see cref="RecoveryTarget.Latest"/>: other targets beyond a gap are rejected.
/// </param>
public sealed record RecoveryPlan(
    RecoveryTarget Target,
    BackupChain Chain,
    IReadOnlyList<BinaryLogStep> Logs,
    GtidPosition Position,
    DateTimeOffset Moment,
    BinaryLogGap? Gap
)
{
    /// <summary>Bytes to fetch from the store.</summary>
    public long Bytes => Chain.Backups.Sum(backup => backup.StoredBytes) + Logs.Sum(step => step.Log.StoredBytes);

    /// <summary>The time before <paramref name="now"/> whose transactions are lost.</summary>
    public TimeSpan Lost(DateTimeOffset now) => now > Moment ? now - Moment : TimeSpan.Zero;

    public TimeSpan Estimate(RecoveryRates rates) => rates.Estimate(Chain, Logs);
}
