using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>
/// Chooses the chain. The newest has the fewest logs to apply; an older one is chosen only where logs do not continue the newest.
/// </summary>
internal static class RecoveryChoice
{
    /// <param name="chains">Chains, newest first.</param>
    public static (RecoveryPlan? Plan, string? Refusal) Of(
        IReadOnlyList<BackupChain> chains,
        IReadOnlyList<BackupManifest> manifests,
        ArchiveMark? mark,
        RecoveryTarget target
    )
    {
        if (chains.Count == 0)
            return (null, "No full backup exists. Make one: ./farm backup now.");
        string? refusal = null;
        RecoveryPlan? best = null;
        var later = chains.LastOrDefault(chain => !IsBefore(chain, target));
        foreach (var chain in chains.Where(chain => IsBefore(chain, target)))
        {
            var replay = BinaryLogReplay.Follow(chain, manifests, mark, (log, position) => IsReached(log, position, target));
            if (!Reaches(replay, target))
                refusal ??= Refuse(replay, target, later);
            else if (best is null || replay.CompleteUntil > best.Moment)
                best = Plan(target, chain, replay);
            if (best is { Gap: null })
                break;
        }

        return best is not null ? (best, null)
            : target is RecoveryTarget.Backup
                ? (null, $"{target}: no such full or incremental backup exists, or its parent is missing. ./farm backup list shows all.")
            : (
                null,
                refusal
                    ?? $"No full backup is older than {target}: "
                        + $"the oldest ended at {MomentText.Of(chains[^1].Last.Completed)}, GTID {chains[^1].Position}."
            );
    }

    private static bool IsBefore(BackupChain chain, RecoveryTarget target) =>
        target switch
        {
            RecoveryTarget.Moment moment => chain.Last.Completed <= moment.At,
            RecoveryTarget.Transaction transaction => chain.Position.IsWithin(transaction.Gtid) && !(chain.Last.Started > transaction.At),
            RecoveryTarget.Backup backup => chain.Last.Id == backup.Id,
            _ => true,
        };

    private static bool IsReached(BackupManifest next, GtidPosition position, RecoveryTarget target) =>
        target switch
        {
            RecoveryTarget.Moment moment => next.BinaryLog!.FirstEvent > moment.At,
            RecoveryTarget.Transaction transaction => position.Covers(transaction.Gtid),
            RecoveryTarget.Backup => true,
            _ => false,
        };

    private static bool Reaches(BinaryLogReplay replay, RecoveryTarget target) =>
        target switch
        {
            RecoveryTarget.Moment moment => replay.CompleteUntil >= moment.At,
            RecoveryTarget.Transaction transaction => replay.Position.Covers(transaction.Gtid),
            _ => true,
        };

    /// <param name="later">The first chain that is later than the target.</param>
    private static string Refuse(BinaryLogReplay replay, RecoveryTarget target, BackupChain? later) =>
        replay.Gap is { } gap
            ? $"{target} cannot be recovered: {gap}. "
                + $"The last recoverable moment before it is {MomentText.Of(replay.CompleteUntil)}, GTID {replay.Position}."
        : later is not null
            ? $"{target} cannot be recovered: the logs before it end at {MomentText.Of(replay.CompleteUntil)}, GTID {replay.Position}, "
                + $"and the next backup, {later.Last.Id}, is later."
        : $"{target} is later than the last recoverable moment, {MomentText.Of(replay.CompleteUntil)}, GTID {replay.Position}.";

    private static RecoveryPlan Plan(RecoveryTarget target, BackupChain chain, BinaryLogReplay replay)
    {
        var moment = target switch
        {
            RecoveryTarget.Moment at => at.At,
            RecoveryTarget.Transaction { At: { } at } => at,
            // The target is within the last log, so the moment is between the first and the last transaction of that log.
            RecoveryTarget.Transaction transaction when replay.Steps is [.., { Log.BinaryLog: var last }] => Later(
                chain.Last.Started,
                replay.Position.IsWithin(transaction.Gtid) ? last!.LastEvent!.Value : last!.FirstEvent!.Value
            ),
            RecoveryTarget.Transaction or RecoveryTarget.Backup => chain.Last.Started,
            _ => replay.CompleteUntil,
        };
        return new(target, chain, replay.Steps, replay.Position, moment, target is RecoveryTarget.Latest ? replay.Gap : null);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
