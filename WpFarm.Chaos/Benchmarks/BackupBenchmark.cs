using System.Diagnostics;
using System.Globalization;
using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Chaos.Benchmarks;

/// <summary>
/// Measures how fast a farm backs up and restores, and compares that with mariadb-backup and zstd alone, run on the same server from and to
/// its own disk. Creates a database of its own in the farm and removes it afterwards.
/// </summary>
public sealed class BackupBenchmark(Farm farm, FarmInstance instance, IFarmProgress progress)
{
    private const string Database = "wp_bench";

    /// <summary>Bytes per row. With the index, a row takes about as much space on disk.</summary>
    private const int RowBytes = 2048;

    /// <summary>Rows per transaction: 20 MB.</summary>
    private const int RowsAtOnce = 10_000;

    /// <summary>The folder of the comparison run, on the volume that holds the server's data.</summary>
    private const string Plain = "/var/lib/mysql/tmp/bench";

    private static readonly TimeSpan s_statement = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_replicated = TimeSpan.FromMinutes(10);

    private readonly ComposeContainers _containers = new(instance);

    /// <param name="megabytes">Amount of data to create: 10 to 100,000.</param>
    /// <exception cref="OperationFailedException">A step failed. The benchmark's data has been removed.</exception>
    public async Task<BackupFigures> RunAsync(int megabytes, CancellationToken cancel)
    {
        using var orchestrator = new OrchestratorApi(farm, instance);
        var writer = (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Writer
            ?? throw new OperationFailedException("No database server accepts writes. Run ./farm db status to see why.");
        var source = default(string);
        try
        {
            await FillAsync(writer, megabytes, cancel);
            await ReplicatedAsync(orchestrator, cancel);
            var backup = await new BackupWatch(orchestrator, progress).RunAsync(
                () => orchestrator.SendAsync(BackupRoutes.Make, new(BackupKind.Full), cancel),
                cancel
            );
            var made = (await orchestrator.SendAsync(BackupRoutes.List, cancel)).First(entry => entry.Id == backup.Backup);
            source = made.Source!;

            progress.Begin("Comparison without the farm");
            var plainBackup = await TimedAsync(
                "backup",
                source,
                $"mkdir -p {Plain}/copy && mariadb-backup --backup --stream=mbstream --target-dir={Plain}/copy 2> {Plain}/log "
                    + $"| zstd -q -1 > {Plain}/copy.zst",
                cancel
            );
            var plainRestore = await TimedAsync(
                "restore",
                source,
                $"rm -rf {Plain}/copy && mkdir {Plain}/copy && zstd -dq < {Plain}/copy.zst | mbstream -x -C {Plain}/copy "
                    + $"&& mariadb-backup --prepare --target-dir={Plain}/copy 2> {Plain}/log",
                cancel
            );
            await RemoveAsync(source, cancel);

            await new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.SendAsync(BackupRoutes.Drill, cancel), cancel);
            var drill = (await orchestrator.SendAsync(BackupRoutes.Drills, cancel))[0];
            return new(
                made.PlainBytes,
                made.StoredBytes,
                Took(backup.Phases, "copy"),
                plainBackup,
                Took(drill.Phases, "fetch"),
                plainRestore,
                drill.RtoSeconds ?? 0,
                await OrchestratorPeakAsync(cancel)
            );
        }
        finally
        {
            if (source is not null)
                await RemoveAsync(source, CancellationToken.None);
            await _containers.SqlAsync(writer, $"DROP DATABASE IF EXISTS {Database}", s_statement, CancellationToken.None);
        }
    }

    /// <summary>Fills a table with rows of hexadecimal digits, which usually compress to half their size.</summary>
    private async Task FillAsync(string writer, int megabytes, CancellationToken cancel)
    {
        progress.Begin("Data");
        await DoAsync(
            writer,
            $"DROP DATABASE IF EXISTS {Database}; CREATE DATABASE {Database}; "
                + $"CREATE TABLE {Database}.posts (id BIGINT PRIMARY KEY AUTO_INCREMENT, content MEDIUMTEXT)",
            cancel
        );
        var content = $"CONCAT({string.Join(", ", Enumerable.Repeat("SHA2(RAND(), 512)", RowBytes / 128))})";
        var rows = megabytes * 1_000_000L / RowBytes;
        for (var row = 0L; row < rows; row += RowsAtOnce)
        {
            await DoAsync(
                writer,
                $"INSERT INTO {Database}.posts (content) SELECT {content} FROM {Database}.seq_1_to_{Math.Min(RowsAtOnce, rows - row)}",
                cancel
            );
            progress.Report(Database, $"{Math.Min(rows, row + RowsAtOnce) * RowBytes / 1_000_000} of {megabytes} MB");
        }
    }

    private async Task ReplicatedAsync(OrchestratorApi orchestrator, CancellationToken cancel)
    {
        progress.Report(Database, "waiting until every server has it");
        if (
            !await Poll.HoldsAsync(
                async () =>
                    (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)) is { Problems.Count: 0 } status
                    && status.Servers.Select(server => server.Gtid).Distinct().Count() == 1,
                s_replicated,
                cancel
            )
        )
            throw new OperationFailedException(
                "Not every database server has received the benchmark's data. Run ./farm db status to see which."
            );
    }

    private async Task<TimeSpan> TimedAsync(string what, string server, string script, CancellationToken cancel)
    {
        progress.Report(what, "…");
        var started = Stopwatch.GetTimestamp();
        await _containers.ExecuteAsync(server, ["nice", "-n", "10", "bash", "-c", $"set -o pipefail; {script} && sync -f {Plain}"], cancel);
        var took = Stopwatch.GetElapsedTime(started);
        progress.Report(what, string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s"));
        return took;
    }

    private Task<string> RemoveAsync(string server, CancellationToken cancel) =>
        _containers.ExecuteAsync(server, ["rm", "-rf", Plain], cancel);

    private async Task DoAsync(string server, string sql, CancellationToken cancel)
    {
        if (await _containers.SqlAsync(server, sql, s_statement, cancel) is null)
            throw new OperationFailedException(
                $"{server} could not write the benchmark's data. Check whether its disk is full: ./farm db status"
            );
    }

    /// <summary>
    /// The Orchestrator's peak resident memory since it started, in bytes, as the kernel counts it (VmHWM). Counts the largest process of
    /// its container.
    /// </summary>
    private async Task<long> OrchestratorPeakAsync(CancellationToken cancel) =>
        (await _containers.ExecuteAsync(farm.Orchestrator.Name, ["sh", "-c", "grep -h VmHWM /proc/[0-9]*/status"], cancel))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Max(line =>
                long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024
            );

    private static TimeSpan Took(IReadOnlyList<PhaseReport> phases, string name) => phases.First(phase => phase.Name == name).Took;
}

/// <summary>The measurements of one <see cref="BackupBenchmark"/> run.</summary>
/// <param name="PlainBytes">Size of the copied server's data before compression.</param>
/// <param name="StoredBytes">Size of the backup in the store.</param>
/// <param name="Backup">Time from the first byte to the last in the store, with sealing, while the tables are counted.</param>
/// <param name="PlainBackup">Time that mariadb-backup and zstd take to write the same data into a file.</param>
/// <param name="Restore">Time from the store into another server, until that server could start with the data.</param>
/// <param name="PlainRestore">Time to unpack and prepare the file of the comparison run.</param>
/// <param name="RtoSeconds">RTO of the drill: from the order until WordPress showed each site.</param>
/// <param name="OrchestratorPeak">Peak memory of the Orchestrator, in bytes.</param>
public sealed record BackupFigures(
    long PlainBytes,
    long StoredBytes,
    TimeSpan Backup,
    TimeSpan PlainBackup,
    TimeSpan Restore,
    TimeSpan PlainRestore,
    double RtoSeconds,
    long OrchestratorPeak
);
