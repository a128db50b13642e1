using System.Globalization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>From where to where a copy reaches.</summary>
/// <param name="FromLsn">InnoDB's log sequence number; 0: it is a full copy.</param>
/// <param name="ToLsn">Where a copy of what changes later begins.</param>
/// <param name="Gtid">The GTID position of the data.</param>
/// <param name="PlainBytes">Before compression.</param>
public sealed record CopyExtent(ulong FromLsn, ulong ToLsn, string Gtid, long PlainBytes) : IStreamExtent<CopyExtent>
{
    /// <summary>The id of the digests of the tables (<see cref="ContentsOrder"/>). Null: nobody asked, or the server took writes.</summary>
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
