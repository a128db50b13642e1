using System.Globalization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>The range of log sequence numbers (LSN) that a copy covers.</summary>
/// <param name="FromLsn">LSN at which the copy begins. 0: a full copy.</param>
/// <param name="ToLsn">LSN at which the copy ends, and at which an incremental copy on top of it begins.</param>
/// <param name="Gtid">GTID position of the copied data.</param>
/// <param name="PlainBytes">Size before compression.</param>
public sealed record CopyExtent(ulong FromLsn, ulong ToLsn, string Gtid, long PlainBytes) : IStreamExtent<CopyExtent>
{
    /// <summary>
    /// Id of the tables' digests (<see cref="ContentsOrder"/>). Null: the order did not request them, or the server takes writes.
    /// </summary>
    public string? Contents { get; init; }

    public static IReadOnlyList<string> TrailerNames { get; } =
    [AgentTrailers.CopyFrom, AgentTrailers.CopyTo, AgentTrailers.CopyGtid, AgentTrailers.CopyBytes, AgentTrailers.CopyContents];

    public IReadOnlyList<(string Name, string? Value)> Trailers =>
        [
            (AgentTrailers.CopyFrom, FromLsn.ToString(CultureInfo.InvariantCulture)),
            (AgentTrailers.CopyTo, ToLsn.ToString(CultureInfo.InvariantCulture)),
            (AgentTrailers.CopyGtid, Gtid),
            (AgentTrailers.CopyBytes, PlainBytes.ToString(CultureInfo.InvariantCulture)),
            (AgentTrailers.CopyContents, Contents),
        ];

    public static CopyExtent? Read(Func<string, string?> trailer) =>
        trailer(AgentTrailers.CopyFrom) is { } from
        && trailer(AgentTrailers.CopyTo) is { } to
        && trailer(AgentTrailers.CopyGtid) is { } gtid
        && trailer(AgentTrailers.CopyBytes) is { } bytes
            ? new(
                ulong.Parse(from, CultureInfo.InvariantCulture),
                ulong.Parse(to, CultureInfo.InvariantCulture),
                gtid,
                long.Parse(bytes, CultureInfo.InvariantCulture)
            )
            {
                Contents = trailer(AgentTrailers.CopyContents),
            }
            : null;
}
