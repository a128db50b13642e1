using System.Diagnostics.Metrics;

namespace WpFarm.Orchestrator.Database;

internal sealed class DatabaseMetrics
{
    private const string Failover = "failover";

    private readonly Counter<long> _ticks;
    private readonly Counter<long> _actions;
    private readonly Counter<long> _promotions;
    private readonly Histogram<double> _outage;

    public DatabaseMetrics(IMeterFactory meters, DatabaseState state)
    {
        var meter = meters.Create("WpFarm.Orchestrator");
        _ticks = meter.CreateCounter<long>("wpfarm.database.ticks", "{tick}", "Looks at the database servers, by outcome");
        _actions = meter.CreateCounter<long>("wpfarm.database.actions", "{action}", "Changes made to the database servers");
        _promotions = meter.CreateCounter<long>("wpfarm.database.promotions", "{promotion}", "Changes of the writer");
        _outage = meter.CreateHistogram<double>("wpfarm.database.outage", "s", "Time without a writer at each of its changes");
        // Created with 0 at the start: Prometheus sees no increase of a counter that first appears with its first event.
        _promotions.Add(0, new KeyValuePair<string, object?>("cause", Failover));
        meter.CreateObservableGauge(
            "wpfarm.database.problems",
            () => state.Current.Problems.Count,
            "{problem}",
            "What is not as it should be"
        );
        meter.CreateObservableGauge(
            "wpfarm.database.lag",
            () =>
                state
                    .Current.Servers.Where(server => server.Status?.Lag is not null)
                    .Select(server => new Measurement<double>(
                        server.Status!.Lag!.Value.TotalSeconds,
                        new KeyValuePair<string, object?>("server", server.Server.Name)
                    )),
            "s",
            "How far a server is behind; absent while one of its channels does not run"
        );
        meter.CreateObservableGauge(
            "wpfarm.database.channel.running",
            () =>
                state.Current.Servers.SelectMany(
                    server => server.Status?.Channels ?? [],
                    (server, channel) =>
                        new Measurement<int>(channel.IsRunning ? 1 : 0, new("server", server.Server.Name), new("channel", channel.Name))
                ),
            description: "Whether a replication channel fetches and applies"
        );
        meter.CreateObservableGauge(
            "wpfarm.database.free",
            () =>
                state
                    .Current.Servers.Where(server => server.Status?.Free is not null)
                    .Select(server => new Measurement<double>(
                        server.Status!.Free!.Value * (1L << 20),
                        new KeyValuePair<string, object?>("server", server.Server.Name)
                    )),
            "By",
            "What is free on the disk of a server's data"
        );
        meter.CreateObservableGauge(
            "wpfarm.database.acknowledgers",
            () => state.Current.Servers.Where(server => server.IsWritable).Sum(server => server.Status!.Acknowledgers),
            "{server}",
            "Servers that acknowledge what the writer commits; without one its commits wait"
        );
        meter.CreateObservableGauge(
            "wpfarm.database.writers",
            () => state.Current.Servers.Count(server => server.IsWritable),
            "{server}",
            "Database servers that take writes; must be 1"
        );
    }

    public void Ticked(bool succeeded) => _ticks.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "ok" : "failed"));

    /// <param name="failedOver">
    /// True when the previous writer was gone. False when there was none, or when an operator asked for the change.
    /// </param>
    public void Promoted(PromotionReport report, bool failedOver)
    {
        _promotions.Add(1, new KeyValuePair<string, object?>("cause", failedOver ? Failover : "other"));
        if (report.Ended is { } ended)
            _outage.Record((ended - report.Since).TotalSeconds);
    }

    public void Acted(ReplicationAction action) => _actions.Add(1, new KeyValuePair<string, object?>("action", action.GetType().Name));
}
