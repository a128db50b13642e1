using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>Where a piece of work about backups is, or how it went.</summary>
/// <param name="What">For people: <c>full backup</c>, <c>restoration to 2026-11-24T10:15:00Z</c>.</param>
internal sealed record BackupReport(string What, DateTimeOffset Since) : ProcedureReport(Since)
{
    /// <summary>Moved so far, compressed.</summary>
    public long Bytes { get; init; }

    /// <summary>Of all that will be moved; null when nobody knows.</summary>
    public long? OfBytes { get; init; }

    /// <summary>The backup that was made.</summary>
    public string? Backup { get; init; }
}
