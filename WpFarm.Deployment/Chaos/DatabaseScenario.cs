namespace WpFarm.Deployment.Chaos;

/// <summary>Something bad that happens to the database.</summary>
/// <param name="Description">What happens, for the table.</param>
/// <param name="Strike">Makes it happen, in the middle of writes.</param>
/// <param name="Mend">Ends it, where it does not end by itself.</param>
internal sealed record DatabaseScenario(string Name, string Description, Func<DatabaseStage, Task> Strike, Func<DatabaseStage, Task>? Mend = null)
{
    /// <summary>The writer keeps its role: what happens is no reason to take it away.</summary>
    public bool WriterStays { get; init; }

    /// <summary>A server is left with rows that nobody was told are written: it must save them and become like the others.</summary>
    public bool LeavesRowsAlone { get; init; }

    /// <summary>In the order in which they are played.</summary>
    public static IReadOnlyList<DatabaseScenario> All { get; } =
    [
        new("kill", "the writer is killed (SIGKILL)", stage => stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel)),
        new("hang", "the writer hangs, its connections open, and comes back 12 s later", stage => stage.Containers.Freeze(stage.Writer, stage.Cancel), stage => stage.Containers.Thaw(stage.Writer, stage.Cancel)),
        new("cut-writer", "the writer is cut from everybody; it tries to go on by itself", CutWriter, JoinWriter),
        new("cut-primaries", "the primaries are cut from each other", CutPrimaries, JoinPrimaries) { WriterStays = true },
        new("cut-orchestrator", "the Orchestrator is cut from the writer", CutOrchestrator, JoinOrchestrator) { WriterStays = true },
        new("kill-standby", "the standby is killed", stage => stage.Containers.Kill(stage.Standby, "mariadbd", stage.Cancel)) { WriterStays = true },
        new("kill-lagging", "the writer is killed while the standby is behind with applying", KillWhileLagging),
        new("kill-both", "both primaries are killed", KillBoth),
        new("kill-orchestrator", "the writer is killed, and the Orchestrator in the middle of the failover", KillWithOrchestrator),
        new("lose-volume", "the writer is gone with its volume, and comes back empty", stage => stage.Containers.Lose(stage.Writer, stage.Cancel)),
        new("lose-replica", "a replica is gone with its volume, and binary logs do not reach back to the beginning", LoseReplica) { WriterStays = true },
        new("relay-only", "everybody is behind with applying when the writer is gone with its volume and all others are killed: answered rows are in relay logs only", LoseWhileLagging),
        new("reseed", "the standby gets a copy of another server's data", ReseedStandby) { WriterStays = true },
        new("disk-full", "the disk of the writer fills up", FillDisk, EmptyDisk),
        new("stop-alone", "the writer is cut from everybody, and stopped while its commits wait: it comes back with rows that nobody else has", StopAlone) { LeavesRowsAlone = true },
        new("return", "the writer hangs for 3 s, and comes back in the middle of the failover", HangShortly),
        new("switchover", "a person asks for a switchover", stage => stage.Orchestrator.SwitchOver(null, stage.Cancel)),
    ];

    private static async Task CutWriter(DatabaseStage stage)
    {
        await stage.Containers.Cut(stage.Writer, stage.EverybodyElse, DatabaseStage.Network, stage.Cancel);
        stage.Alone.Start();
    }

    private static async Task JoinWriter(DatabaseStage stage)
    {
        await stage.Alone.Stop();
        await stage.Containers.Join(stage.Writer, stage.EverybodyElse, DatabaseStage.Network, stage.Cancel);
    }

    private static Task CutPrimaries(DatabaseStage stage) => stage.Containers.Cut(stage.Writer, [stage.Standby], DatabaseStage.Network, stage.Cancel);

    private static Task JoinPrimaries(DatabaseStage stage) => stage.Containers.Join(stage.Writer, [stage.Standby], DatabaseStage.Network, stage.Cancel);

    private static Task CutOrchestrator(DatabaseStage stage) => stage.Containers.Cut(stage.Writer, [DatabaseStage.OrchestratorService], DatabaseStage.Network, stage.Cancel);

    private static Task JoinOrchestrator(DatabaseStage stage) => stage.Containers.Join(stage.Writer, [DatabaseStage.OrchestratorService], DatabaseStage.Network, stage.Cancel);

    private static Task<string?> KeepFromApplying(string server, DatabaseStage stage) =>
        stage.Containers.Sql(server, $"LOCK TABLES {DatabaseStage.Table} READ; SELECT SLEEP(4)", TimeSpan.FromSeconds(10), stage.Cancel);

    private static async Task LoseWhileLagging(DatabaseStage stage)
    {
        var followers = stage.Replicas.Prepend(stage.Standby).ToList();
        var held = followers.Select(server => KeepFromApplying(server, stage)).ToList();
        await stage.UntilAnswered(100);
        await Task.WhenAll(followers.Select(server => stage.Containers.Kill(server, "mariadbd", stage.Cancel)).Append(stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel)));
        await stage.Containers.Lose(stage.Writer, stage.Cancel);
        await Task.WhenAll(held);
    }

    private static async Task KillWhileLagging(DatabaseStage stage)
    {
        var held = KeepFromApplying(stage.Standby, stage);
        await stage.UntilAnswered(40);
        await stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel);
        await held;
    }

    private static Task KillBoth(DatabaseStage stage) => Task.WhenAll(
        stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel),
        stage.Containers.Kill(stage.Standby, "mariadbd", stage.Cancel));

    private static async Task KillWithOrchestrator(DatabaseStage stage)
    {
        await stage.Containers.Freeze(stage.Writer, stage.Cancel);
        await stage.UntilFailoverRuns();
        await stage.Containers.Kill(DatabaseStage.OrchestratorService, "WpFarm.Orchestr", stage.Cancel);
        await stage.Containers.Thaw(stage.Writer, stage.Cancel);
        await stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel);
    }

    /// <summary>From now on a server that comes back empty gets a copy; from logs it would take as long as the farm is old.</summary>
    private static async Task PurgeBinaryLogs(DatabaseStage stage)
    {
        foreach (var server in new[] { stage.Writer, stage.Standby }.Concat(stage.Replicas))
            await stage.Containers.Sql(server, "FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY", TimeSpan.FromSeconds(10), stage.Cancel);
    }

    private static async Task LoseReplica(DatabaseStage stage)
    {
        await PurgeBinaryLogs(stage);
        await stage.Containers.Lose(stage.Replicas[0], stage.Cancel);
        await stage.UntilSeeded(stage.Replicas[0]);
    }

    private static async Task ReseedStandby(DatabaseStage stage)
    {
        await stage.Orchestrator.Reseed(stage.Standby, on: true, stage.Cancel);
        await stage.UntilSeeded(stage.Standby);
    }

    private static async Task StopAlone(DatabaseStage stage)
    {
        await CutWriter(stage);
        await stage.UntilFailoverRuns();
        await stage.Alone.Stop();
        // Its container starts again, and is cut from nobody.
        await stage.Containers.Terminate(stage.Writer, "mariadbd", stage.Cancel);
        await stage.UntilSeeded(stage.Writer);
    }

    /// <summary>The standby gets a small disk, becomes the writer, and its disk fills up.</summary>
    private static async Task FillDisk(DatabaseStage stage)
    {
        await PurgeBinaryLogs(stage);
        await stage.Disk.PutUnder(stage.Standby, stage.Cancel);
        await stage.UntilSeeded(stage.Standby);
        await stage.UntilSwitchedTo(stage.Standby);
        await stage.UntilAnswered(100);
        await stage.UntilWriterIs(stage.Writer, meanwhile: () => stage.Disk.Fill(stage.Standby, stage.Cancel));
    }

    private static Task EmptyDisk(DatabaseStage stage) => stage.Disk.TakeAway(stage.Standby, stage.Cancel);

    private static async Task HangShortly(DatabaseStage stage)
    {
        await stage.Containers.Freeze(stage.Writer, stage.Cancel);
        await stage.UntilFailoverRuns();
        await stage.Containers.Thaw(stage.Writer, stage.Cancel);
    }
}
