using WpFarm.Backups.Retention;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>
/// Decides which snapshots are kept, by the same rule as for every other backup. restic's own rule is not used, because it takes days in
/// its container's time zone only.
/// </summary>
internal static class UploadsRetention
{
    /// <returns>Ids of the snapshots to forget; never all of them.</returns>
    public static IReadOnlyList<string> Forgotten(IReadOnlyCollection<UploadsSnapshot> snapshots, RetentionPolicy policy)
    {
        var kept = Periods.Keep(snapshots.Select(snapshot => (snapshot.Id, snapshot.Time)), policy);
        return [.. snapshots.Select(snapshot => snapshot.Id).Where(id => !kept.ContainsKey(id))];
    }
}
