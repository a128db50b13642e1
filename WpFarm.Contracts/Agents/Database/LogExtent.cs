using System.Globalization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>To the second: that is how transactions are stamped, when their commit, or the statement that is one, begins.</summary>
/// <param name="First">The earliest stamp of a transaction; null when there is none.</param>
/// <param name="Last">The latest stamp of a transaction; null when there is none.</param>
/// <param name="PlainBytes">Before compression.</param>
public sealed record LogExtent(DateTimeOffset? First, DateTimeOffset? Last, long PlainBytes) : IStreamExtent<LogExtent>
{
    public static IReadOnlyList<string> TrailerNames { get; } = [AgentTrailers.LogFirst, AgentTrailers.LogLast, AgentTrailers.LogBytes];

    public IReadOnlyList<(string Name, string? Value)> Trailers =>
        [
            (AgentTrailers.LogFirst, First?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            (AgentTrailers.LogLast, Last?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            (AgentTrailers.LogBytes, PlainBytes.ToString(CultureInfo.InvariantCulture)),
        ];

    public static LogExtent? Read(Func<string, string?> trailer) =>
        trailer(AgentTrailers.LogBytes) is { } bytes
            ? new(
                Moment(trailer(AgentTrailers.LogFirst)),
                Moment(trailer(AgentTrailers.LogLast)),
                long.Parse(bytes, CultureInfo.InvariantCulture)
            )
            : null;

    private static DateTimeOffset? Moment(string? seconds) =>
        seconds is null ? null : DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
}
