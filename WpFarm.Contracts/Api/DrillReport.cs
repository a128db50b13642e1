namespace WpFarm.Contracts.Api;

/// <summary>How a drill, a restore into a server that nobody uses, went. Kept in the store, beside the backups.</summary>
/// <param name="Began">When.</param>
/// <param name="To">The moment that was restored, picked by chance.</param>
/// <param name="RpoSeconds">
/// How long before the drill the last moment was that could have been recovered: what a disaster would have cost.
/// </param>
public sealed record DrillReport(DateTimeOffset Began, DateTimeOffset? To, double? RpoSeconds)
{
    /// <summary>From the order to the last site's page out of restored data; null when it did not come to that.</summary>
    public double? RtoSeconds { get; init; }

    /// <summary>Stored bytes that were fetched for it.</summary>
    public long Bytes { get; init; }

    /// <summary>Tables whose rows and checksum were those of the backup.</summary>
    public int Tables { get; init; }

    /// <summary>Sites whose page was rendered out of restored data.</summary>
    public int Sites { get; init; }

    /// <summary>Uploads that were restored and are as they were.</summary>
    public int Uploads { get; init; }

    public IReadOnlyList<PhaseReport> Phases { get; init; } = [];

    /// <summary>The phase that failed, and why; null: backups restore.</summary>
    public string? Failure { get; init; }

    public DateTimeOffset? Ended { get; init; }
}
