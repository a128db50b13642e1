using WpFarm.Backups.Catalogue;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>
/// The binary logs that follow a position, from any server: every server logs all transactions under the same GTIDs, so logs may overlap,
/// and the logs of one server can continue those of another.
/// </summary>
/// <param name="Steps">Logs in the order in which they are applied.</param>
/// <param name="Position">Position after the last step.</param>
/// <param name="CompleteUntil">No transaction committed before this moment is missing.</param>
/// <param name="Gap">Missing transactions after the last step. Null if no log follows a gap.</param>
public sealed record BinaryLogReplay(
    IReadOnlyList<BinaryLogStep> Steps,
    GtidPosition Position,
    DateTimeOffset CompleteUntil,
    BinaryLogGap? Gap
)
{
    /// <param name="chain">The backups that are restored first.</param>
    /// <param name="mark">The last observed state of the archive, if known.</param>
    /// <param name="enough">Called with the next log and the position before it. Returns true to stop.</param>
    public static BinaryLogReplay Follow(
        BackupChain chain,
        IEnumerable<BackupManifest> manifests,
        ArchiveMark? mark,
        Func<BackupManifest, GtidPosition, bool>? enough = null
    )
    {
        var logs = manifests.Where(manifest => manifest.Kind.IsLog && manifest.HistorySince == chain.Last.HistorySince).ToList();
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
        // When the next log continues the position, nothing before its first transaction is missing.
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
