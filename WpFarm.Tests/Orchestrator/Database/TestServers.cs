using WpFarm.Backups.Gtid;
using WpFarm.Orchestrator.Database;

namespace WpFarm.Tests.Orchestrator.Database;

/// <summary>The four servers of a default farm, with concise ways to set their states.</summary>
internal static class TestServers
{
    public static DatabaseServer P1 { get; } = new("mariadb-p1", ServerRole.Primary);

    public static DatabaseServer P2 { get; } = new("mariadb-p2", ServerRole.Primary);

    public static DatabaseServer R1 { get; } = new("mariadb-r1", ServerRole.Replica);

    public static DatabaseServer R2 { get; } = new("mariadb-r2", ServerRole.Replica);

    /// <summary>The healthy state: P1 accepts writes, all others follow it, all have every transaction.</summary>
    public static IReadOnlyList<ServerObservation> Healthy { get; } = [Seen(P1, readOnly: false), Seen(P2), Seen(R1), Seen(R2)];

    public static ServerObservation Seen(
        DatabaseServer server,
        bool readOnly = true,
        string position = "1-1-100,2-2-5",
        IReadOnlyList<ChannelStatus>? channels = null
    ) =>
        ServerObservation.Of(
            server,
            new ServerStatus(readOnly, DomainOf(server), GtidPosition.Parse(position), channels ?? Following(server))
            {
                // As in a settled farm: the writer waits for the other primary's acknowledgement.
                Acknowledges = readOnly && server.IsPrimary,
                AwaitsAcknowledgement = !readOnly,
                Acknowledgers = readOnly ? 0 : 1,
            }
        );

    public static ServerObservation Silent(DatabaseServer server) => ServerObservation.Unreachable(server, "connection refused");

    public static ChannelStatus Channel(DatabaseServer source) =>
        new(source.Channel, source.Name, ByGtid: true)
        {
            Fetching = ReplicationThread.Running,
            Applying = ReplicationThread.Running,
            Lag = TimeSpan.Zero,
        };

    public static IReadOnlyList<ChannelStatus> Following(DatabaseServer server) =>
        new[] { P1, P2 }.Where(source => source != server).Select(Channel).ToList();

    private static uint DomainOf(DatabaseServer server) =>
        server == P1 ? 1u
        : server == P2 ? 2u
        : server == R1 ? 11u
        : 12u;
}
