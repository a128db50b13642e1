using System.Diagnostics.Metrics;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Sites;

internal sealed class SiteCronMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _runs = meters
        .Create("WpFarm.Orchestrator")
        .CreateCounter<long>("wpfarm.cron.runs", "{run}", "Calls of the sites' wp-cron.php, by outcome");

    public void Ran(Site site, SiteCronOutcome outcome) =>
        _runs.Add(
            1,
            new KeyValuePair<string, object?>("site", site.Id),
            new KeyValuePair<string, object?>(
                "outcome",
                outcome switch
                {
                    SiteCronOutcome.Ok => "ok",
                    SiteCronOutcome.Failed => "failed",
                    _ => "skipped",
                }
            )
        );
}

internal enum SiteCronOutcome
{
    Ok,
    Failed,

    /// <summary>The site's previous run was still in progress.</summary>
    Skipped,
}
