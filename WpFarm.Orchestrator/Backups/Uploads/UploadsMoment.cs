using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Orchestrator.Backups.Uploads;

internal static class UploadsMoment
{
    /// <summary>The last that was begun before a moment: what came later is in none of its files.</summary>
    /// <returns>Null: there is none.</returns>
    public static UploadsSnapshot? LastBefore(this IEnumerable<UploadsSnapshot> snapshots, DateTimeOffset moment) =>
        snapshots.Where(snapshot => snapshot.Time <= moment).MaxBy(snapshot => snapshot.Time);
}
