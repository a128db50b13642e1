using System.Collections.Immutable;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>The servers as last seen, and what was decided about them.</summary>
internal sealed record DatabaseSnapshot(
    DateTimeOffset At,
    IReadOnlyList<ServerObservation> Servers,
    IReadOnlyList<ReplicationAction> Actions
)
{
    public static DatabaseSnapshot None { get; } = new(DateTimeOffset.MinValue, [], []);

    /// <summary>What was known besides.</summary>
    public ClusterState Known { get; init; } = new();

    /// <summary>The one primary that takes writes; null when there is none, or more than one.</summary>
    public DatabaseServer? Writer =>
        Servers.Where(server => server.IsWritable).ToList() is [var only] && only.Server.IsPrimary ? only.Server : null;

    /// <summary>Everything that is not as it should be. Empty: one primary takes writes, and every server follows the primaries.</summary>
    public IReadOnlyList<string> Problems =>
        [
            .. Servers.Count == 0 ? ["the servers have not been looked at yet"] : Array.Empty<string>(),
            .. Servers.Where(server => !server.Answers).Select(server => $"{server.Server} does not answer: {server.Failure}"),
            .. Actions.Select(action => action.Reason),
            .. Servers
                .SelectMany(server => server.Status?.Channels ?? [], (server, channel) => (server.Server, channel))
                .Where(pair => !pair.channel.IsRunning && !pair.channel.IsStopped)
                .Select(pair =>
                    $"channel {pair.channel.Name} of {pair.Server} is not connected to {pair.channel.Source}{(pair.channel.Error is { } error ? $": {error}" : "")}"
                ),
        ];
}

/// <summary>The last <see cref="DatabaseSnapshot"/>, for whoever wants to know.</summary>
internal sealed class DatabaseState
{
    private const int ReportsKept = 20;

    private volatile DatabaseSnapshot _current = DatabaseSnapshot.None;

    public DatabaseSnapshot Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The last changes of the writer, the latest first; one that is under way with its phase.</summary>
    public ImmutableList<PromotionReport> Promotions { get; private set; } = [];

    /// <summary>The last copies that servers got of others, the latest first; one that is under way with its phase.</summary>
    public ImmutableList<SeedReport> Seeds { get; private set; } = [];

    /// <summary>Told at each phase of one promotion; one at a time.</summary>
    public void Tell(PromotionReport report) => Promotions = Promotions.With(report, ReportsKept);

    /// <summary>Told at each phase; one at a time.</summary>
    public void Tell(SeedReport report) => Seeds = Seeds.With(report, ReportsKept);
}
