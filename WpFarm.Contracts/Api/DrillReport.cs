namespace WpFarm.Contracts.Api;

/// <summary>The result of a drill: a test restoration into a server that serves nobody. Stored with the backups.</summary>
/// <param name="Began">When the drill began.</param>
/// <param name="To">The randomly picked moment that was restored.</param>
/// <param name="RpoSeconds">
/// Time between the last moment that could be restored and the start of the drill: the data that a disaster would have cost.
/// </param>
public sealed record DrillReport(DateTimeOffset Began, DateTimeOffset? To, double? RpoSeconds)
{
    /// <summary>Time from the order until the last site's page was rendered from restored data; null when that was not reached.</summary>
    public double? RtoSeconds { get; init; }

    /// <summary>Stored bytes that were downloaded.</summary>
    public long Bytes { get; init; }

    /// <summary>Number of tables whose row count and checksum equal those in the backup.</summary>
    public int Tables { get; init; }

    /// <summary>Number of sites whose page was rendered from restored data.</summary>
    public int Sites { get; init; }

    /// <summary>Number of uploads that were restored unchanged.</summary>
    public int Uploads { get; init; }

    public IReadOnlyList<PhaseReport> Phases { get; init; } = [];

    /// <summary>The phase that failed, and why; null: the drill succeeded.</summary>
    public string? Failure { get; init; }

    public DateTimeOffset? Ended { get; init; }
}
