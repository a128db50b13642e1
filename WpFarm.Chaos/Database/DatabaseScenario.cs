using WpFarm.Contracts.Api.Routes;

namespace WpFarm.Chaos.Database;

/// <summary>A fault that is injected into the database while rows are written.</summary>
/// <param name="Description">What happens, as the result table shows it.</param>
/// <param name="Strike">Injects the fault.</param>
/// <param name="Mend">Ends the fault; null when it ends by itself.</param>
internal sealed record DatabaseScenario(
    string Name,
    string Description,
    Func<DatabaseStage, Task> Strike,
    Func<DatabaseStage, Task>? Mend = null
)
{
    /// <summary>The writer must keep its role: the fault is no reason for a failover.</summary>
    public bool WriterStays { get; init; }

    /// <summary>
    /// The former writer ends up with rows that were never acknowledged: they must be saved, and the server must be reseeded from another.
    /// </summary>
    public bool LeavesRowsAlone { get; init; }

    /// <summary>All scenarios, in the order in which they run.</summary>
    public static IReadOnlyList<DatabaseScenario> All { get; } =
    [
        new("kill", "the writer is killed (SIGKILL)", stage => stage.Containers.KillAsync(stage.Writer, "mariadbd", stage.Cancel)),
        new(
            "hang",
            "the writer hangs with its connections open, and comes back 12 s later",
            stage => stage.Containers.FreezeAsync(stage.Writer, stage.Cancel),
            stage => stage.Containers.ThawAsync(stage.Writer, stage.Cancel)
        ),
        new("cut-writer", "the writer is cut off from everything; a client beside it keeps writing", CutWriterAsync, JoinWriterAsync),
        new("cut-primaries", "the primaries are cut off from each other", CutPrimariesAsync, JoinPrimariesAsync) { WriterStays = true },
        new("cut-orchestrator", "the Orchestrator is cut off from the writer", CutOrchestratorAsync, JoinOrchestratorAsync)
        {
            WriterStays = true,
        },
        new("kill-standby", "the standby is killed", stage => stage.Containers.KillAsync(stage.Standby, "mariadbd", stage.Cancel))
        {
            WriterStays = true,
        },
        new("kill-lagging", "the writer is killed while the standby lags", KillWhileLaggingAsync),
        new("kill-both", "both primaries are killed", KillBothAsync),
        new(
            "kill-orchestrator",
            "the writer is killed, and so is the Orchestrator in the middle of the failover",
            KillWithOrchestratorAsync
        ),
        new("lose-volume", "the writer is lost with its volume, and comes back empty", stage =>
            stage.Containers.LoseAsync(stage.Writer, stage.Cancel)
        ),
        new("lose-replica", "a replica is lost with its volume, and the binary logs do not reach back to the beginning", LoseReplicaAsync)
        {
            WriterStays = true,
        },
        new(
            "relay-only",
            "all followers lag when the writer is lost with its volume and they are killed: "
                + "acknowledged rows exist only in relay logs",
            LoseWhileLaggingAsync
        ),
        new("reseed", "the standby is reseeded from another server", ReseedStandbyAsync) { WriterStays = true },
        new("disk-full", "the disk of the writer fills up", FillDiskAsync, EmptyDiskAsync),
        new(
            "stop-alone",
            "the writer is cut off from everything and stopped while its commits wait: it comes back with rows that no other server has",
            StopPartitionedWriterAsync
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
        await stage.Containers.CutAsync(stage.Writer, stage.AllOthers, DatabaseStage.Network, stage.Cancel);
        stage.Partitioned.Start();
    }

    private static async Task JoinWriterAsync(DatabaseStage stage)
    {
        await stage.Partitioned.StopAsync();
        await stage.Containers.JoinAsync(stage.Writer, stage.AllOthers, DatabaseStage.Network, stage.Cancel);
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

    /// <summary>
    /// Purges the binary logs, so that a server that comes back empty must be reseeded. Replaying the logs of a farm's whole life would
    /// take as long as the farm is old.
    /// </summary>
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

    private static async Task StopPartitionedWriterAsync(DatabaseStage stage)
    {
        await CutWriterAsync(stage);
        await stage.UntilFailoverRunsAsync();
        await stage.Partitioned.StopAsync();
        // The engine starts its container again, without the rules that cut it off.
        await stage.Containers.TerminateAsync(stage.Writer, "mariadbd", stage.Cancel);
        await stage.UntilSeededAsync(stage.Writer);
    }

    /// <summary>Gives the standby a small disk, makes it the writer, and fills the disk.</summary>
    private static async Task FillDiskAsync(DatabaseStage stage)
    {
        await PurgeBinaryLogsAsync(stage);
        await stage.Disk.AttachAsync(stage.Standby, stage.Cancel);
        await stage.UntilSeededAsync(stage.Standby);
        await stage.UntilSwitchedToAsync(stage.Standby);
        await stage.UntilAnsweredAsync(100);
        await stage.UntilWriterIsAsync(stage.Writer, meanwhile: () => stage.Disk.FillAsync(stage.Standby, stage.Cancel));
    }

    private static Task EmptyDiskAsync(DatabaseStage stage) => stage.Disk.DetachAsync(stage.Standby, stage.Cancel);

    private static async Task HangShortlyAsync(DatabaseStage stage)
    {
        await stage.Containers.FreezeAsync(stage.Writer, stage.Cancel);
        await stage.UntilFailoverRunsAsync();
        await stage.Containers.ThawAsync(stage.Writer, stage.Cancel);
    }
}
