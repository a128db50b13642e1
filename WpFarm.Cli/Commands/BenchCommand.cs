using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using WpFarm.Chaos.Benchmarks;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm bench</c>: measures the speed of background work.</summary>
internal static class BenchCommand
{
    private static readonly Option<int> s_megabytes = new("--megabytes")
    {
        Description = "Amount of data to create for the benchmark: 10 to 100000.",
        DefaultValueFactory = _ => 1000,
    };

    public static Command Create() =>
        new("bench", "Measure a running farm.")
        {
            FarmCommand.Create(
                "backup",
                "Measure backup and restore, and compare them with mariadb-backup and zstd alone. Creates a database wp_bench, makes a "
                    + "full backup, restores it in a drill, and removes the database. Loads the farm for minutes.",
                BackupAsync,
                s_megabytes,
                SharedOptions.Name,
                SharedOptions.File
            ),
        };

    private static async Task<int> BackupAsync(ParseResult parsed, CancellationToken cancel)
    {
        var megabytes = parsed.GetValue(s_megabytes);
        if (megabytes is < 10 or > 100_000)
            throw new InvalidInputException($"bench: --megabytes {megabytes}: must be from 10 to 100000.");
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        if (!farm.MakesBackups)
            throw new InvalidInputException(
                $"{parsed.FarmFile()}: makes no backups. Set backups.enabled to true, with storage.objectStorage or backups.store."
            );
        var figures = await FarmProgress.ShowAsync(progress =>
            new BackupBenchmark(farm, parsed.Instance(), progress).RunAsync(megabytes, cancel)
        );
        var table = FarmTables.Table("", "Farm", "Plain", "Ratio");
        Add("Backup", figures.Backup, figures.PlainBackup);
        Add("Restore", figures.Restore, figures.PlainRestore);
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.PlainBytes / 1e6:0} MB of data, {figures.StoredBytes / 1e6:0} MB stored; "
                    + $"RTO of the drill {figures.RtoSeconds:0.0} s; peak memory of the Orchestrator {figures.OrchestratorPeak >> 20} MiB"
            )
        );
        return ExitCode.Ok;

        void Add(string what, TimeSpan farm, TimeSpan plain) =>
            table.AddRow(what, Rate(farm), Rate(plain), string.Create(CultureInfo.InvariantCulture, $"{plain / farm:0.00}"));

        string Rate(TimeSpan took) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{figures.PlainBytes / 1e6 / took.TotalSeconds:0.0} MB/s ({took.TotalSeconds:0.0} s)"
            );
    }
}
