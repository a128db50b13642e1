using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Database:Failover</c>.</summary>
public sealed record FailoverPolicy
{
    /// <summary>
    /// The writer counts as lost when it has not answered for this long and no other server receives from it. Short, because fencing makes
    /// a mistake harmless: it costs a change of the writer, and no write. 0 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Confirm { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Cooldown: no second automatic failover within this time. Repeated failovers have a cause that another writer does not remove. 0 s to
    /// 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Time for the next writer to apply the transactions that it has received. After it, the attempt is repeated. 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The writer hands over to a primary with at least twice as much free disk space when it has less than this. On a full disk its
    /// commits wait, and it could no longer hand over. MB; 0 to 1,000,000.
    /// </summary>
    [Range(0, 1_000_000)]
    public int LeastFree { get; init; } = 256;
}
