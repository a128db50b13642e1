namespace WpFarm.Orchestrator.Database;

internal static class DatabaseStatuses
{
    extension(DatabaseStatus)
    {
        public static DatabaseStatus Of(DatabaseState state)
        {
            var snapshot = state.Current;
            return new(
                snapshot.Writer?.Name,
                snapshot.Problems,
                snapshot.Servers.Count == 0 ? null : snapshot.At,
                snapshot.Known.FailedOverAt,
                [.. snapshot.Servers.Select(server => Of(server, snapshot))],
                state.Promotions,
                state.Seeds
            );
        }
    }

    private static DatabaseServerStatus Of(ServerObservation seen, DatabaseSnapshot snapshot) =>
        new(
            seen.Server.Name,
            seen.Server.Role,
            seen.Failure,
            seen.Status?.ReadOnly,
            seen.Status?.Position.ToString(),
            seen.Status?.Lag?.TotalSeconds,
            snapshot.Writer is { } writer
                && seen.Status is { Acknowledges: true } status
                && status.ChannelTo(writer) is { IsRunning: true },
            snapshot.Known.Maintenance.Contains(seen.Server),
            snapshot.Known.Reseeding.Contains(seen.Server),
            [.. (seen.Status?.Channels ?? []).Select(Of)]
        );

    private static ReplicationChannel Of(ChannelStatus channel) =>
        new(channel.Name, channel.Source, channel.IsRunning, channel.Lag?.TotalSeconds, channel.Error);
}
