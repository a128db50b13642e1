namespace WpFarm.Deployment.Chaos;

/// <summary>Something bad that happens to the database.</summary>
/// <param name="Description">What happens, for the table.</param>
/// <param name="Strike">Makes it happen, in the middle of writes.</param>
/// <param name="Mend">Ends it, where it does not end by itself.</param>
internal sealed record DatabaseScenario(string Name, string Description, Func<DatabaseStage, Task> Strike, Func<DatabaseStage, Task>? Mend = null)
{
    /// <summary>The writer keeps its role: what happens is no reason to take it away.</summary>
    public bool WriterStays { get; init; }

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
        new("return", "the writer hangs for 3 s, and comes back in the middle of the failover", HangShortly),
        new("switchover", "a person asks for a switchover", stage => stage.Orchestrator.SwitchOver(null, stage.Cancel)),
    ];

    private static async Task CutWriter(DatabaseStage stage)
    {
        await stage.Containers.Cut(stage.Writer, stage.EverybodyElse, DatabaseStage.Network, stage.Cancel).ConfigureAwait(false);
        stage.Alone.Start();
    }

    private static async Task JoinWriter(DatabaseStage stage)
    {
        await stage.Alone.Stop().ConfigureAwait(false);
        await stage.Containers.Join(stage.Writer, stage.EverybodyElse, DatabaseStage.Network, stage.Cancel).ConfigureAwait(false);
    }

    private static Task CutPrimaries(DatabaseStage stage) => stage.Containers.Cut(stage.Writer, [stage.Standby], DatabaseStage.Network, stage.Cancel);

    private static Task JoinPrimaries(DatabaseStage stage) => stage.Containers.Join(stage.Writer, [stage.Standby], DatabaseStage.Network, stage.Cancel);

    private static Task CutOrchestrator(DatabaseStage stage) => stage.Containers.Cut(stage.Writer, [DatabaseStage.OrchestratorService], DatabaseStage.Network, stage.Cancel);

    private static Task JoinOrchestrator(DatabaseStage stage) => stage.Containers.Join(stage.Writer, [DatabaseStage.OrchestratorService], DatabaseStage.Network, stage.Cancel);

    private static async Task KillWhileLagging(DatabaseStage stage)
    {
        var held = stage.Containers.Sql(stage.Standby, $"LOCK TABLES {DatabaseStage.Table} READ; SELECT SLEEP(4)", TimeSpan.FromSeconds(10), stage.Cancel);
        await stage.UntilAnswered(40).ConfigureAwait(false);
        await stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel).ConfigureAwait(false);
        await held.ConfigureAwait(false);
    }

    private static Task KillBoth(DatabaseStage stage) => Task.WhenAll(
        stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel),
        stage.Containers.Kill(stage.Standby, "mariadbd", stage.Cancel));

    private static async Task KillWithOrchestrator(DatabaseStage stage)
    {
        await stage.Containers.Freeze(stage.Writer, stage.Cancel).ConfigureAwait(false);
        await stage.UntilFailoverRuns().ConfigureAwait(false);
        await stage.Containers.Kill(DatabaseStage.OrchestratorService, "WpFarm.Orchestr", stage.Cancel).ConfigureAwait(false);
        await stage.Containers.Thaw(stage.Writer, stage.Cancel).ConfigureAwait(false);
        await stage.Containers.Kill(stage.Writer, "mariadbd", stage.Cancel).ConfigureAwait(false);
    }

    private static async Task HangShortly(DatabaseStage stage)
    {
        await stage.Containers.Freeze(stage.Writer, stage.Cancel).ConfigureAwait(false);
        await stage.UntilFailoverRuns().ConfigureAwait(false);
        await stage.Containers.Thaw(stage.Writer, stage.Cancel).ConfigureAwait(false);
    }
}
