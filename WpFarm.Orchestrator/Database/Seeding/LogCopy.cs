using System.Globalization;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>A closed file of the binary log while it comes, compressed by zstd.</summary>
internal sealed class LogCopy(DatabaseServer server, HttpResponseMessage response, Stream content)
    : AgentStream(server, "the binary log", response, content)
{
    /// <summary>Known once <see cref="AgentStream.Content"/> was read to its end.</summary>
    /// <exception cref="IOException">It failed on the way; what was read is of no use.</exception>
    public LogExtent Extent()
    {
        ThrowIfFailed();
        return new(
            Moment(Trailer("Log-First")),
            Moment(Trailer("Log-Last")),
            long.Parse(Required("Log-Bytes"), CultureInfo.InvariantCulture)
        );
    }
}

/// <summary>To the second: that is how transactions are stamped, when their commit, or the statement that is one, begins.</summary>
/// <param name="First">The earliest stamp of a transaction; null when there is none.</param>
/// <param name="Last">The latest.</param>
/// <param name="PlainBytes">Before compression.</param>
internal sealed record LogExtent(DateTimeOffset? First, DateTimeOffset? Last, long PlainBytes);
