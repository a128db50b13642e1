using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Database:Failover</c>.</summary>
public sealed record FailoverPolicy
{
    /// <summary>
    /// A writer that has not answered for this long is confirmed to be gone, if no other server receives from it. Short, because fencing
    /// makes a mistake harmless: it costs a change of the writer, and no write. 0 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Confirm { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Within this time after one failover there is no second automatic one: a writer that fails over and over has a cause that another
    /// writer does not remove. 0 s to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the next writer may take to apply what it has received. Longer, and the attempt is repeated. 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A writer with less free space on its disk hands over to a primary that has twice as much: with a full disk its commits wait, and
    /// it could not even hand over. MB; 0 to 1,000,000.
    /// </summary>
    [Range(0, 1_000_000)]
    public int LeastFree { get; init; } = 256;
}
