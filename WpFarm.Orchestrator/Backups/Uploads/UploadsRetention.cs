using WpFarm.Backups.Retention;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>
/// Which snapshots stay: by the same rule as every other backup, and not by restic's, which knows days of its own container only.
/// </summary>
internal static class UploadsRetention
{
    /// <returns>Ids of those to forget; never all.</returns>
    public static IReadOnlyList<string> Forgotten(IReadOnlyCollection<UploadsSnapshot> snapshots, RetentionPolicy policy)
    {
        var kept = Periods.Keep(snapshots.Select(snapshot => (snapshot.Id, snapshot.Time)), policy);
        return [.. snapshots.Select(snapshot => snapshot.Id).Where(id => !kept.ContainsKey(id))];
    }
}
