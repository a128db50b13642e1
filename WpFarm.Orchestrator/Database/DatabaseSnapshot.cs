using System.Collections.Immutable;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Database;

/// <summary>The last observations of the servers, and the actions decided from them.</summary>
internal sealed record DatabaseSnapshot(
    DateTimeOffset At,
    IReadOnlyList<ServerObservation> Servers,
    IReadOnlyList<ReplicationAction> Actions
)
{
    public static DatabaseSnapshot None { get; } = new(DateTimeOffset.MinValue, [], []);

    /// <summary>The cluster state that the decision was based on.</summary>
    public ClusterState Known { get; init; } = new();

    /// <summary>The one primary that takes writes. Null when there is none, or when more than one server takes writes.</summary>
    public DatabaseServer? Writer =>
        Servers.Where(server => server.IsWritable).ToList() is [var only] && only.Server.IsPrimary ? only.Server : null;

    /// <summary>All present problems, in words. Empty when one primary takes writes and every server follows the primaries.</summary>
    public IReadOnlyList<string> Problems =>
        [
            .. Servers.Count == 0 ? ["the servers have not been looked at yet"] : Array.Empty<string>(),
            .. Servers.Where(server => !server.Answers).Select(server => $"{server.Server} does not answer: {server.Failure}"),
            .. Actions.Select(action => action.Reason),
            .. Servers
                .SelectMany(server => server.Status?.Channels ?? [], (server, channel) => (server.Server, channel))
                .Where(pair => !pair.channel.IsRunning && !pair.channel.IsStopped)
                .Select(pair =>
                    $"channel {pair.channel.Name} of {pair.Server} is not connected to {pair.channel.Source}"
                    + $"{(pair.channel.Error is { } error ? $": {error}" : "")}"
                ),
        ];
}

/// <summary>Holds the last <see cref="DatabaseSnapshot"/> and the latest procedures, for the API and the metrics.</summary>
internal sealed class DatabaseState
{
    private const int ReportsKept = 20;

    private volatile DatabaseSnapshot _current = DatabaseSnapshot.None;

    public DatabaseSnapshot Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The last changes of the writer, the latest first. One that is under way shows its phase.</summary>
    public ImmutableList<PromotionReport> Promotions { get; private set; } = [];

    /// <summary>The last reseeds, the latest first. One that is under way shows its phase.</summary>
    public ImmutableList<SeedReport> Seeds { get; private set; } = [];

    /// <summary>Records the progress of a promotion. It is called at each phase; one promotion runs at a time.</summary>
    public void Publish(PromotionReport report) => Promotions = Promotions.With(report, ReportsKept);

    /// <summary>Records the progress of a reseed. It is called at each phase; one reseed runs at a time.</summary>
    public void Publish(SeedReport report) => Seeds = Seeds.With(report, ReportsKept);
}
