namespace WpFarm.Orchestrator.Database;

internal static class DatabaseEndpoint
{
    public static void MapDatabase(this IEndpointRouteBuilder api) => api.MapGet("/database", (DatabaseState state) => DatabaseView.Of(state.Current));
}

/// <param name="Writer">The one server that takes writes; null when there is none, or more than one.</param>
/// <param name="Problems">What is not as it should be, in words; empty when all is well.</param>
/// <param name="ObservedAt">Null before the first look.</param>
internal sealed record DatabaseView(string? Writer, IReadOnlyList<string> Problems, DateTimeOffset? ObservedAt, IEnumerable<ServerView> Servers)
{
    public static DatabaseView Of(DatabaseSnapshot snapshot) => new(
        snapshot.Writer?.Name,
        snapshot.Problems,
        snapshot.Servers.Count == 0 ? null : snapshot.At,
        snapshot.Servers.Select(ServerView.Of));
}

/// <param name="Failure">Why it did not answer; null when it did.</param>
/// <param name="Gtid">Every transaction it has.</param>
/// <param name="LagSeconds">Behind the primary that it is furthest behind; null when unknown.</param>
internal sealed record ServerView(string Name, ServerRole Role, string? Failure, bool? ReadOnly, string? Gtid, double? LagSeconds, IEnumerable<ChannelView> Channels)
{
    public static ServerView Of(ServerObservation seen) => new(
        seen.Server.Name,
        seen.Server.Role,
        seen.Failure,
        seen.Status?.ReadOnly,
        seen.Status?.Position.ToString(),
        seen.Status?.Channels.Max(channel => channel.Lag)?.TotalSeconds,
        seen.Status?.Channels.Select(channel => new ChannelView(channel.Name, channel.Source, channel.IsRunning, channel.Lag?.TotalSeconds, channel.Error)) ?? []);
}

internal sealed record ChannelView(string Name, string Source, bool Running, double? LagSeconds, string? Error);
