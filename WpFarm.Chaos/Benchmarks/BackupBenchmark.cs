using System.Diagnostics;
using System.Globalization;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Chaos.Benchmarks;

/// <summary>
/// How fast a farm backs up and restores, beside what the same programs do without it in the same run: mariadb-backup and zstd, from and to
/// the server's own disk. Makes a database of its own in the farm, and removes it.
/// </summary>
public sealed class BackupBenchmark(Farm farm, FarmInstance instance, IFarmProgress progress)
{
    private const string Database = "wp_bench";

    /// <summary>In a row. With the index it takes about as much on disk.</summary>
    private const int RowBytes = 2048;

    /// <summary>In a transaction: 20 MB.</summary>
    private const int RowsAtOnce = 10_000;

    /// <summary>Beside the server's data, on its volume.</summary>
    private const string Plain = "/var/lib/mysql/tmp/bench";

    private static readonly TimeSpan s_statement = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_replicated = TimeSpan.FromMinutes(10);

    private readonly ComposeContainers _containers = new(instance);

    /// <param name="megabytes">Of the data that is made: 10 to 100,000.</param>
    /// <exception cref="OperationFailedException">A step failed; what was made is removed.</exception>
    public async Task<BackupFigures> RunAsync(int megabytes, CancellationToken cancel)
    {
        using var orchestrator = new OrchestratorApi(farm, instance);
        var writer = (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Writer
            ?? throw new OperationFailedException("nobody takes writes: ./farm db status");
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

            progress.Begin("The same without the farm");
            var plainBackup = await TimedAsync(
                "backup",
                source,
                $"mkdir -p {Plain}/copy && mariadb-backup --backup --stream=mbstream --target-dir={Plain}/copy 2> {Plain}/log | zstd -q -1 > {Plain}/copy.zst",
                cancel
            );
            var plainRestore = await TimedAsync(
                "restore",
                source,
                $"rm -rf {Plain}/copy && mkdir {Plain}/copy && zstd -dq < {Plain}/copy.zst | mbstream -x -C {Plain}/copy && mariadb-backup --prepare --target-dir={Plain}/copy 2> {Plain}/log",
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

    /// <summary>Rows of hexadecimal digits, that compress to half, as a rule.</summary>
    private async Task FillAsync(string writer, int megabytes, CancellationToken cancel)
    {
        progress.Begin("Data");
        await DoAsync(
            writer,
            $"DROP DATABASE IF EXISTS {Database}; CREATE DATABASE {Database}; CREATE TABLE {Database}.posts (id BIGINT PRIMARY KEY AUTO_INCREMENT, content MEDIUMTEXT)",
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
        progress.Report(Database, "until every server has it");
        if (
            !await Poll.UntilAsync(
                async () =>
                    (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)) is { Problems.Count: 0 } status
                    && status.Servers.Select(server => server.Gtid).Distinct().Count() == 1,
                s_replicated,
                cancel
            )
        )
            throw new OperationFailedException("the servers did not all get the data: ./farm db status");
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
            throw new OperationFailedException($"{server} did not take the benchmark's data. Is its disk full? ./farm db status");
    }

    /// <summary>The most that it had in memory since it started, as the kernel counts it; the largest process of its container.</summary>
    private async Task<long> OrchestratorPeakAsync(CancellationToken cancel) =>
        (await _containers.ExecuteAsync("orchestrator", ["sh", "-c", "grep -h VmHWM /proc/[0-9]*/status"], cancel))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Max(line =>
                long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024
            );

    private static TimeSpan Took(IReadOnlyList<PhaseReport> phases, string name) => phases.First(phase => phase.Name == name).Took;
}

/// <summary>What was measured.</summary>
/// <param name="PlainBytes">Of the copied server, before compression.</param>
/// <param name="Backup">From the first byte to the last in the store, sealed, the tables counted beside it.</param>
/// <param name="PlainBackup">mariadb-backup and zstd into a file.</param>
/// <param name="Restore">From the store into another server, until that could start with it.</param>
/// <param name="PlainRestore">The file unpacked and prepared.</param>
/// <param name="RtoSeconds">Of a drill: from the order until WordPress showed each site.</param>
/// <param name="OrchestratorPeak">Bytes of memory that it had at most.</param>
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
