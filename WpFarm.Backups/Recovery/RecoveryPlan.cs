using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>What to fetch and to apply, in order, and what comes of it.</summary>
/// <param name="Logs">The last one may have more than is wanted: it is applied up to the target.</param>
/// <param name="Position">What the servers hold afterwards, if the last log is applied to its end.</param>
/// <param name="Moment">Everything committed up to this moment is there afterwards.</param>
/// <param name="Gap">What keeps it from going further. Only with <see cref="RecoveryTarget.Latest"/>: other targets are refused when a gap is in their way.</param>
public sealed record RecoveryPlan(
    RecoveryTarget Target,
    BackupChain Chain,
    IReadOnlyList<BinaryLogStep> Logs,
    GtidPosition Position,
    DateTimeOffset Moment,
    BinaryLogGap? Gap
)
{
    /// <summary>Stored bytes to fetch.</summary>
    public long Bytes => Chain.Backups.Sum(backup => backup.StoredBytes) + Logs.Sum(step => step.Log.StoredBytes);

    /// <summary>What was committed in the time before <paramref name="now"/> and is not there afterwards.</summary>
    public TimeSpan Lost(DateTimeOffset now) => now > Moment ? now - Moment : TimeSpan.Zero;

    public TimeSpan Estimate(RecoveryRates rates) => rates.Estimate(Chain, Logs);
}
