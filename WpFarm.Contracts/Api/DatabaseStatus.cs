namespace WpFarm.Contracts.Api;

/// <summary>The database as the Orchestrator last observed it.</summary>
/// <param name="Writer">The one server that takes writes; null when there is none, or more than one.</param>
/// <param name="Problems">What is not as it should be, in words; empty when all is well.</param>
/// <param name="ObservedAt">Null before the first observation.</param>
/// <param name="FailedOverAt">Set after a failover, until a person acknowledges it or the cooldown has passed.</param>
/// <param name="Promotions">The last changes of the writer, the latest first.</param>
/// <param name="Seeds">The last copies that servers got of others, the latest first.</param>
public sealed record DatabaseStatus(
    string? Writer,
    IReadOnlyList<string> Problems,
    DateTimeOffset? ObservedAt,
    DateTimeOffset? FailedOverAt,
    IReadOnlyList<DatabaseServerStatus> Servers,
    IReadOnlyList<PromotionReport> Promotions,
    IReadOnlyList<SeedReport> Seeds
);

/// <summary>A database server as the Orchestrator last observed it.</summary>
/// <param name="Failure">Why it did not answer; null when it did.</param>
/// <param name="Gtid">Every transaction it has.</param>
/// <param name="LagSeconds">Behind the primary that it is furthest behind; null while a channel does not run.</param>
/// <param name="Acknowledges">The writer answers a commit once this server has it.</param>
public sealed record DatabaseServerStatus(
    string Name,
    ServerRole Role,
    string? Failure,
    bool? ReadOnly,
    string? Gtid,
    double? LagSeconds,
    bool Acknowledges,
    bool Maintenance,
    bool Reseeding,
    IReadOnlyList<ReplicationChannel> Channels
);

public enum ServerRole
{
    /// <summary>May take writes; at any time one of them does.</summary>
    Primary,

    /// <summary>Follows the primaries and never takes writes.</summary>
    Replica,
}

/// <summary>One connection by which a server follows another.</summary>
/// <param name="Source">Host name of the server it follows.</param>
/// <param name="Error">The last error of a channel that does not run; null when there is none.</param>
public sealed record ReplicationChannel(string Name, string Source, bool Running, double? LagSeconds, string? Error);

/// <summary>One change of the writer, in its phases.</summary>
/// <param name="From">The writer before; null when there was none.</param>
/// <param name="Since">Since when no writer answered.</param>
public sealed record PromotionReport(string? From, string To, string Reason, DateTimeOffset Since) : ProcedureReport(Since);

/// <summary>One copy of a server's data that another server got, in its phases.</summary>
/// <param name="To">The server that gets the copy.</param>
public sealed record SeedReport(string To, string From, string Reason, DateTimeOffset Since) : ProcedureReport(Since)
{
    /// <summary>Bytes of the compressed copy, so far.</summary>
    public long Bytes { get; init; }

    /// <summary>On the server's volume: the transactions that no other server had.</summary>
    public string? Saved { get; init; }
}
