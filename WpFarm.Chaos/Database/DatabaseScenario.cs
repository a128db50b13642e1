using WpFarm.Contracts.Api.Routes;

namespace WpFarm.Chaos.Database;

/// <summary>Something bad that happens to the database.</summary>
/// <param name="Description">What happens, for the table.</param>
/// <param name="Strike">Makes it happen, in the middle of writes.</param>
/// <param name="Mend">Ends it, where it does not end by itself.</param>
internal sealed record DatabaseScenario(
    string Name,
    string Description,
    Func<DatabaseStage, Task> Strike,
    Func<DatabaseStage, Task>? Mend = null
)
{
    /// <summary>The writer keeps its role: what happens is no reason to take it away.</summary>
    public bool WriterStays { get; init; }

    /// <summary>A server is left with rows that nobody was told are written: it must save them and become like the others.</summary>
    public bool LeavesRowsAlone { get; init; }

    /// <summary>In the order in which they are played.</summary>
    public static IReadOnlyList<DatabaseScenario> All { get; } =
    [
        new("kill", "the writer is killed (SIGKILL)", stage => stage.Containers.KillAsync(stage.Writer, "mariadbd", stage.Cancel)),
        new(
            "hang",
            "the writer hangs, its connections open, and comes back 12 s later",
            stage => stage.Containers.FreezeAsync(stage.Writer, stage.Cancel),
            stage => stage.Containers.ThawAsync(stage.Writer, stage.Cancel)
        ),
        new("cut-writer", "the writer is cut from everybody; it tries to go on by itself", CutWriterAsync, JoinWriterAsync),
        new("cut-primaries", "the primaries are cut from each other", CutPrimariesAsync, JoinPrimariesAsync) { WriterStays = true },
        new("cut-orchestrator", "the Orchestrator is cut from the writer", CutOrchestratorAsync, JoinOrchestratorAsync)
        {
            WriterStays = true,
        },
        new("kill-standby", "the standby is killed", stage => stage.Containers.KillAsync(stage.Standby, "mariadbd", stage.Cancel))
        {
            WriterStays = true,
        },
        new("kill-lagging", "the writer is killed while the standby is behind with applying", KillWhileLaggingAsync),
        new("kill-both", "both primaries are killed", KillBothAsync),
        new("kill-orchestrator", "the writer is killed, and the Orchestrator in the middle of the failover", KillWithOrchestratorAsync),
        new("lose-volume", "the writer is gone with its volume, and comes back empty", stage =>
            stage.Containers.LoseAsync(stage.Writer, stage.Cancel)
        ),
        new("lose-replica", "a replica is gone with its volume, and binary logs do not reach back to the beginning", LoseReplicaAsync)
        {
            WriterStays = true,
        },
        new(
            "relay-only",
            "everybody is behind with applying when the writer is gone with its volume and all others are killed: answered rows are in relay logs only",
            LoseWhileLaggingAsync
        ),
        new("reseed", "the standby gets a copy of another server's data", ReseedStandbyAsync) { WriterStays = true },
        new("disk-full", "the disk of the writer fills up", FillDiskAsync, EmptyDiskAsync),
        new(
            "stop-alone",
            "the writer is cut from everybody, and stopped while its commits wait: it comes back with rows that nobody else has",
            StopAloneAsync
        )
        {
            LeavesRowsAlone = true,
        },
        new("return", "the writer hangs for 3 s, and comes back in the middle of the failover", HangShortlyAsync),
        new("switchover", "a person asks for a switchover", stage =>
            stage.Orchestrator.SendAsync(DatabaseRoutes.SwitchOver, new(), stage.Cancel)
        ),
    ];

    private static async Task CutWriterAsync(DatabaseStage stage)
    {
        await stage.Containers.CutAsync(stage.Writer, stage.EverybodyElse, DatabaseStage.Network, stage.Cancel);
        stage.Alone.Start();
    }

    private static async Task JoinWriterAsync(DatabaseStage stage)
    {
        await stage.Alone.StopAsync();
        await stage.Containers.JoinAsync(stage.Writer, stage.EverybodyElse, DatabaseStage.Network, stage.Cancel);
    }

    private static Task CutPrimariesAsync(DatabaseStage stage) =>
        stage.Containers.CutAsync(stage.Writer, [stage.Standby], DatabaseStage.Network, stage.Cancel);

    private static Task JoinPrimariesAsync(DatabaseStage stage) =>
        stage.Containers.JoinAsync(stage.Writer, [stage.Standby], DatabaseStage.Network, stage.Cancel);

    private static Task CutOrchestratorAsync(DatabaseStage stage) =>
        stage.Containers.CutAsync(stage.Writer, [DatabaseStage.OrchestratorService], DatabaseStage.Network, stage.Cancel);

    private static Task JoinOrchestratorAsync(DatabaseStage stage) =>
        stage.Containers.JoinAsync(stage.Writer, [DatabaseStage.OrchestratorService], DatabaseStage.Network, stage.Cancel);

    private static Task<string?> KeepFromApplyingAsync(string server, DatabaseStage stage) =>
        stage.Containers.SqlAsync(
            server,
            $"LOCK TABLES {DatabaseStage.Table} READ; SELECT SLEEP(4)",
            TimeSpan.FromSeconds(10),
            stage.Cancel
        );

    private static async Task LoseWhileLaggingAsync(DatabaseStage stage)
    {
        var followers = stage.Replicas.Prepend(stage.Standby).ToList();
        var held = followers.Select(server => KeepFromApplyingAsync(server, stage)).ToList();
        await stage.UntilAnsweredAsync(100);
        await Task.WhenAll(
            followers
                .Select(server => stage.Containers.KillAsync(server, "mariadbd", stage.Cancel))
                .Append(stage.Containers.KillAsync(stage.Writer, "mariadbd", stage.Cancel))
        );
        await stage.Containers.LoseAsync(stage.Writer, stage.Cancel);
        await Task.WhenAll(held);
    }

    private static async Task KillWhileLaggingAsync(DatabaseStage stage)
    {
        var held = KeepFromApplyingAsync(stage.Standby, stage);
        await stage.UntilAnsweredAsync(40);
        await stage.Containers.KillAsync(stage.Writer, "mariadbd", stage.Cancel);
        await held;
    }

    private static Task KillBothAsync(DatabaseStage stage) =>
        Task.WhenAll(
            stage.Containers.KillAsync(stage.Writer, "mariadbd", stage.Cancel),
            stage.Containers.KillAsync(stage.Standby, "mariadbd", stage.Cancel)
        );

    private static async Task KillWithOrchestratorAsync(DatabaseStage stage)
    {
        await stage.Containers.FreezeAsync(stage.Writer, stage.Cancel);
        await stage.UntilFailoverRunsAsync();
        await stage.Containers.KillAsync(DatabaseStage.OrchestratorService, "WpFarm.Orchestr", stage.Cancel);
        await stage.Containers.ThawAsync(stage.Writer, stage.Cancel);
        await stage.Containers.KillAsync(stage.Writer, "mariadbd", stage.Cancel);
    }

    /// <summary>From now on a server that comes back empty gets a copy; from logs it would take as long as the farm is old.</summary>
    private static async Task PurgeBinaryLogsAsync(DatabaseStage stage)
    {
        foreach (var server in new[] { stage.Writer, stage.Standby }.Concat(stage.Replicas))
            await stage.Containers.SqlAsync(
                server,
                "FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY",
                TimeSpan.FromSeconds(10),
                stage.Cancel
            );
    }

    private static async Task LoseReplicaAsync(DatabaseStage stage)
    {
        await PurgeBinaryLogsAsync(stage);
        await stage.Containers.LoseAsync(stage.Replicas[0], stage.Cancel);
        await stage.UntilSeededAsync(stage.Replicas[0]);
    }

    private static async Task ReseedStandbyAsync(DatabaseStage stage)
    {
        await stage.Orchestrator.SendAsync(DatabaseRoutes.Reseed, new(stage.Standby, On: true), stage.Cancel);
        await stage.UntilSeededAsync(stage.Standby);
    }

    private static async Task StopAloneAsync(DatabaseStage stage)
    {
        await CutWriterAsync(stage);
        await stage.UntilFailoverRunsAsync();
        await stage.Alone.StopAsync();
        // Its container starts again, and is cut from nobody.
        await stage.Containers.TerminateAsync(stage.Writer, "mariadbd", stage.Cancel);
        await stage.UntilSeededAsync(stage.Writer);
    }

    /// <summary>The standby gets a small disk, becomes the writer, and its disk fills up.</summary>
    private static async Task FillDiskAsync(DatabaseStage stage)
    {
        await PurgeBinaryLogsAsync(stage);
        await stage.Disk.PutUnderAsync(stage.Standby, stage.Cancel);
        await stage.UntilSeededAsync(stage.Standby);
        await stage.UntilSwitchedToAsync(stage.Standby);
        await stage.UntilAnsweredAsync(100);
        await stage.UntilWriterIsAsync(stage.Writer, meanwhile: () => stage.Disk.FillAsync(stage.Standby, stage.Cancel));
    }

    private static Task EmptyDiskAsync(DatabaseStage stage) => stage.Disk.TakeAwayAsync(stage.Standby, stage.Cancel);

    private static async Task HangShortlyAsync(DatabaseStage stage)
    {
        await stage.Containers.FreezeAsync(stage.Writer, stage.Cancel);
        await stage.UntilFailoverRunsAsync();
        await stage.Containers.ThawAsync(stage.Writer, stage.Cancel);
    }
}
