using System.Diagnostics.Metrics;

namespace WpFarm.Orchestrator.Database;

internal sealed class DatabaseMetrics
{
    private readonly Counter<long> _ticks;
    private readonly Counter<long> _actions;

    public DatabaseMetrics(IMeterFactory meters, DatabaseState state)
    {
        var meter = meters.Create("WpFarm.Orchestrator");
        _ticks = meter.CreateCounter<long>("wpfarm.database.ticks", "{tick}", "Looks at the database servers, by outcome");
        _actions = meter.CreateCounter<long>("wpfarm.database.actions", "{action}", "Changes made to the database servers");
        meter.CreateObservableGauge(
            "wpfarm.database.writers", () => state.Current.Servers.Count(server => server.IsWritable), "{server}", "Database servers that take writes; must be 1");
    }

    public void Ticked(bool succeeded) => _ticks.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "ok" : "failed"));

    public void Acted(ReplicationAction action) => _actions.Add(1, new KeyValuePair<string, object?>("action", action.GetType().Name));
}
