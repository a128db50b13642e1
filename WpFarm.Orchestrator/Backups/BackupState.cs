using System.Collections.Immutable;
using WpFarm.Backups.Locking;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>The present and past tasks and problems of backups, for the API and the metrics.</summary>
internal sealed class BackupState
{
    private const int ReportsKept = 50;

    /// <summary>The latest reports first. A task that is under way shows its phase.</summary>
    public ImmutableList<BackupReport> Reports { get; private set; } = [];

    public BackupReport? Running => Reports.FirstOrDefault() is { Ended: null } report ? report : null;

    /// <summary>Why no backup work is done now. Null when it is done.</summary>
    public string? Trouble { get; set; } = "the store has not been read yet";

    /// <summary>Why the archive of binary logs has stopped. Null when it has not.</summary>
    public string? ArchiveTrouble { get; set; }

    /// <summary>When the lease on the store was last renewed. Null while this Orchestrator does not hold it.</summary>
    public DateTimeOffset? LeaseRenewedAt => Lease?.RenewedAt;

    public Lease? Lease { private get; set; }

    /// <summary>Records the progress of a task. It is called at each phase; one task runs at a time.</summary>
    public void Publish(BackupReport report) => Reports = Reports.With(report, ReportsKept);
}
