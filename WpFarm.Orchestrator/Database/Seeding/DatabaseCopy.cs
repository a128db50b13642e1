using System.Globalization;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>A consistent copy of a server's data while it comes: mbstream, compressed by zstd.</summary>
internal sealed class DatabaseCopy(DatabaseServer server, HttpResponseMessage response, Stream content)
    : AgentStream(server, "the copy", response, content)
{
    /// <summary>What it is of; known once <see cref="AgentStream.Content"/> was read to its end.</summary>
    /// <exception cref="IOException">It failed on the way; what was read is of no use.</exception>
    public CopyExtent Extent()
    {
        ThrowIfFailed();
        return new(
            Lsn("Copy-From"),
            Lsn("Copy-To"),
            Required("Copy-Gtid"),
            long.Parse(Required("Copy-Bytes"), CultureInfo.InvariantCulture)
        )
        {
            Contents = Trailer("Copy-Contents"),
        };
    }

    private ulong Lsn(string name) => ulong.Parse(Required(name), CultureInfo.InvariantCulture);
}

/// <summary>From where to where a copy reaches.</summary>
/// <param name="FromLsn">InnoDB's log sequence number; 0: it is everything.</param>
/// <param name="ToLsn">Where a copy of what changes later begins.</param>
/// <param name="Gtid">The position of the data, as MariaDB writes it.</param>
/// <param name="PlainBytes">Before compression.</param>
internal sealed record CopyExtent(ulong FromLsn, ulong ToLsn, string Gtid, long PlainBytes)
{
    /// <summary>
    /// What the server calls the digests of the tables that were copied (<see cref="DatabaseAgent.ContentsAsync(CopyExtent, CancellationToken)"/>).
    /// Null: nobody asked, or the server took writes.
    /// </summary>
    public string? Contents { get; init; }
}
