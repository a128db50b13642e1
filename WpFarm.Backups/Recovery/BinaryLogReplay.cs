using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>
/// The binary logs that follow a position, from whichever servers: all of them log all transactions under the same GTIDs, so logs
/// may overlap, and one server's go on where another's end.
/// </summary>
/// <param name="Steps">In the order in which they are applied.</param>
/// <param name="Position">After the last step.</param>
/// <param name="CompleteUntil">Nothing that was committed up to this moment is missing.</param>
/// <param name="Gap">What stands between the last step and the logs after it; null when there are none.</param>
public sealed record BinaryLogReplay(
    IReadOnlyList<BinaryLogStep> Steps,
    GtidPosition Position,
    DateTimeOffset CompleteUntil,
    BinaryLogGap? Gap
)
{
    /// <param name="chain">What is there before.</param>
    /// <param name="mark">The last look at the archive, if one is known.</param>
    /// <param name="enough">True when no more is wanted: asked with the next log to apply, and the position before it.</param>
    public static BinaryLogReplay Follow(
        BackupChain chain,
        IEnumerable<BackupManifest> manifests,
        ArchiveMark? mark,
        Func<BackupManifest, GtidPosition, bool>? enough = null
    )
    {
        var logs = manifests
            .Where(manifest => manifest.Kind is BackupKind.BinaryLog && manifest.HistorySince == chain.Last.HistorySince)
            .ToList();
        var left = new PendingLogs(logs.Where(log => log.BinaryLog!.FirstEvent is not null));
        var (steps, position) = (new List<BinaryLogStep>(), chain.Position);
        BackupManifest? next;
        while ((next = left.Next(position, after: steps.LastOrDefault()?.Log)) is not null && enough?.Invoke(next, position) != true)
        {
            var reached = position.With(next.GtidEnd!.OfPrimaries);
            steps.Add(new(next, position, reached));
            position = reached;
        }

        var applied = logs.Where(log => position.Covers(log.GtidEnd!.OfPrimaries))
            .Select(log => log.BinaryLog!.CompleteUntil ?? log.BinaryLog.LastEvent ?? DateTimeOffset.MinValue);
        // The next log joins: whatever came before its first transaction is here.
        var seen =
            mark is not null && mark.HistorySince == chain.Last.HistorySince && position.Covers(mark.Position.OfPrimaries)
                ? mark.Moment
                : DateTimeOffset.MinValue;
        var until = applied
            .Append(chain.Last.Started)
            .Append(seen)
            .Append(next?.BinaryLog!.FirstEvent!.Value.AddTicks(-1) ?? DateTimeOffset.MinValue)
            .Max();
        var beyond = next is null ? left.FirstBeyond(position) : null;
        return new(
            steps,
            position,
            until,
            beyond is null ? null : new(position, beyond.GtidStart!.OfPrimaries, until, beyond.BinaryLog!.FirstEvent!.Value)
        );
    }
}
