using WpFarm.Orchestrator.Procedures;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Backups.Restoring;

internal static class CachePhase
{
    /// <summary>
    /// Empties the caches of the restored sites, so that no older content is served. The data is restored by now, so a site whose caches
    /// cannot be emptied is reported, and stops neither the other sites nor the procedure.
    /// </summary>
    public static Task PurgeAsync(
        this Procedure<BackupReport> restore,
        SiteCaches caches,
        IReadOnlyCollection<Site> sites,
        CancellationToken cancel
    ) => restore.PhaseAsync("caches", async () =>
        {
            var problems = new List<string>();
            foreach (var site in sites)
            {
                try
                {
                    await caches.PurgeAsync(site, cancel);
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
                {
                    problems.Add(e.Message);
                }
            }

            return problems.Count == 0
                ? $"of {sites.Count} sites emptied"
                : $"PROBLEM: pages from before may be served for a while: {string.Join("; ", problems)}";
        });
}
