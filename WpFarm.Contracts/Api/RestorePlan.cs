namespace WpFarm.Contracts.Api;

/// <summary>What a restoration would do.</summary>
/// <param name="Target">In words.</param>
/// <param name="Backups">Ids, in the order in which they are restored.</param>
/// <param name="Logs">Binary logs that are replayed after them.</param>
/// <param name="Moment">Everything committed up to it is there afterwards.</param>
/// <param name="LostSeconds">What was committed in the last so many seconds is not.</param>
/// <param name="Bytes">Stored bytes that are fetched.</param>
/// <param name="Gap">What keeps it from going further; null when nothing does.</param>
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
