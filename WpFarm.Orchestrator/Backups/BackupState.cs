using System.Collections.Immutable;
using WpFarm.Backups.Locking;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Backups;

/// <summary>What goes on, and what went on, for whoever wants to know.</summary>
internal sealed class BackupState
{
    private const int ReportsKept = 50;

    /// <summary>The latest first; one that is under way with its phase.</summary>
    public ImmutableList<BackupReport> Reports { get; private set; } = [];

    public BackupReport? Running => Reports.FirstOrDefault() is { Ended: null } report ? report : null;

    /// <summary>Why nothing is done at all now; null when all is well.</summary>
    public string? Trouble { get; set; } = "the store has not been read yet";

    /// <summary>Why the archive of binary logs stands still; null when it does not.</summary>
    public string? ArchiveTrouble { get; set; }

    /// <summary>When the lease on the store was last renewed; null while this Orchestrator does not hold it.</summary>
    public DateTimeOffset? LeaseRenewedAt => Lease?.RenewedAt;

    public Lease? Lease { private get; set; }

    /// <summary>Told at each phase; one piece of work at a time.</summary>
    public void Tell(BackupReport report) => Reports = Reports.With(report, ReportsKept);
}
