namespace WpFarm.Orchestrator.Backups;

/// <summary>Makes the backups of its kinds: <see cref="BackupScheduler"/> asks it what is due, and starts what is due or ordered.</summary>
internal interface IBackupMaker
{
    IReadOnlyList<BackupKind> Kinds { get; }

    /// <summary>Reads what <see cref="Due"/> needs and no one else has read.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <returns>The most urgent backup that is due. Null when none is.</returns>
    DueBackup? Due(DateTimeOffset now);

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="publish">Called with each change of the report.</param>
    /// <exception cref="Procedures.PhaseFailedException">A phase failed. The message names it and the reason.</exception>
    Task RunAsync(BackupKind kind, Action<BackupReport> publish, CancellationToken cancel);
}

/// <param name="What">For the log: <c>snapshot of the uploads</c>.</param>
/// <param name="Why">The reason, in words.</param>
internal sealed record DueBackup(BackupKind Kind, string What, string Why);
