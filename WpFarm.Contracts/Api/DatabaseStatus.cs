namespace WpFarm.Contracts.Api;

/// <summary>The database as the Orchestrator last observed it.</summary>
/// <param name="Writer">The one server that takes writes; null when there is none, or more than one.</param>
/// <param name="Problems">Each problem in a sentence; empty when there is none.</param>
/// <param name="ObservedAt">Null before the first observation.</param>
/// <param name="FailedOverAt">Set after a failover, until a person acknowledges it or the cooldown has passed.</param>
/// <param name="Promotions">The last changes of the writer, the latest first.</param>
/// <param name="Seeds">The last reseeds, the latest first: one server got a copy of another's data.</param>
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
/// <param name="Gtid">GTID position of all its transactions.</param>
/// <param name="LagSeconds">The largest lag among the primaries that it follows; null while a channel does not run.</param>
/// <param name="Acknowledges">True: the writer answers a commit only after this server has received it.</param>
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
    /// <summary>May become the writer; at any time one of them is.</summary>
    Primary,

    /// <summary>Follows the primaries and never takes writes.</summary>
    Replica,
}

/// <summary>One connection by which a server follows another.</summary>
/// <param name="Source">Host name of the server it follows.</param>
/// <param name="Error">The last error of a channel that does not run; null when there is none.</param>
public sealed record ReplicationChannel(string Name, string Source, bool Running, double? LagSeconds, string? Error);

/// <summary>A change of the writer, with its phases.</summary>
/// <param name="From">The previous writer; null when there was none.</param>
/// <param name="Since">When the last writer stopped answering.</param>
public sealed record PromotionReport(string? From, string To, string Reason, DateTimeOffset Since) : ProcedureReport(Since);

/// <summary>A reseed, with its phases: a server gets a copy of another server's data.</summary>
/// <param name="To">The server that gets the copy.</param>
public sealed record SeedReport(string To, string From, string Reason, DateTimeOffset Since) : ProcedureReport(Since)
{
    /// <summary>Bytes of the compressed copy that were transferred so far.</summary>
    public long Bytes { get; init; }

    /// <summary>File on the server's volume with the transactions that no other server had.</summary>
    public string? Saved { get; init; }
}
