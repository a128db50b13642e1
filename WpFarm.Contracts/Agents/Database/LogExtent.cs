using System.Globalization;

namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Time range of the transactions in a binary log, to the second. A transaction's timestamp is the time at which its commit began or, for
/// a statement that is a transaction by itself, at which the statement began.
/// </summary>
/// <param name="First">The earliest timestamp of a transaction; null when there is none.</param>
/// <param name="Last">The latest timestamp of a transaction; null when there is none.</param>
/// <param name="PlainBytes">Size before compression.</param>
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
