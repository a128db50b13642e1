using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Orchestrator.Backups.Uploads;

internal static class UploadsMoment
{
    /// <summary>The last snapshot that began at or before this moment. A later one could hold later changes.</summary>
    /// <returns>Null when there is none.</returns>
    public static UploadsSnapshot? LastBefore(this IEnumerable<UploadsSnapshot> snapshots, DateTimeOffset moment) =>
        snapshots.Where(snapshot => snapshot.Time <= moment).MaxBy(snapshot => snapshot.Time);
}
