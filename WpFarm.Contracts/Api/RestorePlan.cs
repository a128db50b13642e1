namespace WpFarm.Contracts.Api;

/// <summary>What a restoration would do.</summary>
/// <param name="Target">The moment, transaction or backup to restore, in words.</param>
/// <param name="Backups">Ids, in the order in which they are restored.</param>
/// <param name="Logs">Binary logs that are replayed after the backups.</param>
/// <param name="Moment">Everything that was committed up to this moment is restored.</param>
/// <param name="LostSeconds">Length of the period before now whose commits are lost.</param>
/// <param name="Bytes">Stored bytes that are downloaded.</param>
/// <param name="Gap">What prevents a restoration to a later moment; null when nothing does.</param>
public sealed record RestorePlan(
    string Target,
    IReadOnlyList<string> Backups,
    int Logs,
    DateTimeOffset Moment,
    string Gtid,
    double LostSeconds,
    long Bytes,
    double EstimateSeconds,
    string? Gap
);
