using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Deployment.Backups;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm backup</c>: what there is, and orders to the Orchestrator, which makes them by itself otherwise.</summary>
internal static class BackupCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "For programs." };
    private static readonly Option<bool> s_all = new("--all") { Description = "Each binary log too, of which there are thousands." };
    private static readonly Option<bool> s_full = new("--full")
    {
        Description = "Everything, not only what has changed since the last one.",
    };
    private static readonly Option<bool> s_uploads = new("--uploads") { Description = "A snapshot of the uploads, not the database." };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Say what would be deleted, and delete nothing." };
    private static readonly Argument<string> s_id = new("id") { Description = "As ./farm backup list shows it." };
    private static readonly Argument<string> s_site = new("site") { Description = "Its key in farm.json." };
    private static readonly Argument<string?> s_idOrLatest = new("id")
    {
        Description = "Without it, all that the latest moment is recovered from.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var show = FarmCommand.Create("show", "The manifest of one backup.", ShowAsync, SharedOptions.Name, SharedOptions.File);
        show.Arguments.Add(s_id);
        var verify = FarmCommand.Create(
            "verify",
            "Read backups from the first byte to the last, and compare them with what was stored.",
            VerifyAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        verify.Arguments.Add(s_idOrLatest);
        var site = FarmCommand.Create(
            "site",
            "Store one site's database as statements: to go back to (./farm restore --site SITE --from ID), or to take elsewhere.",
            SiteAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        site.Arguments.Add(s_site);
        return new Command("backup", "Backups: what there is, up to which moment, and new ones.")
        {
            FarmCommand.Create(
                "status",
                "Up to which moment the farm could be recovered, and the last work. Ends with 1 when something is not as it should be.",
                StatusAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create("now", "Make one now.", NowAsync, s_full, s_uploads, SharedOptions.Name, SharedOptions.File),
            site,
            FarmCommand.Create(
                "configuration",
                "Store farm.json, the secrets and the manifests, sealed. ./farm up and ./farm deploy do it too.",
                ConfigurationAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "list",
                "What there is, and why each is kept.",
                ListAsync,
                s_all,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            show,
            verify,
            FarmCommand.Create(
                "prune",
                "Delete what is not kept. The Orchestrator does it each hour.",
                PruneAsync,
                s_dryRun,
                SharedOptions.Name,
                SharedOptions.File
            ),
        };
    }

    /// <summary>The line that <c>./farm status</c> has of them too.</summary>
    public static string Summary(BackupStatus status) =>
        status.RecoverableUntil is { } until
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"recoverable up to {until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({status.RpoSeconds:0} s ago), in {status.Location}"
            )
            : $"nothing can be recovered yet, in {status.Location}";

    private static async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var status = await orchestrator.BackupsAsync(cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(status, s_format));
        }
        else
        {
            Terminal.Out.WriteLine(Summary(status));
            if (status.OffSite is { } offSite)
                Terminal.Out.WriteLine(
                    offSite.CopiedAt is { } at
                        ? $"all that was stored by {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z is in {offSite.Location} too"
                        : $"nothing is in {offSite.Location} yet"
                );
            var kinds = FarmTables.Table("Kind", "Count", "Size", "Last");
            foreach (var kind in status.Kinds)
                kinds.AddRow(kind.Kind, $"{kind.Count}", Size(kind.StoredBytes), $"{kind.Last.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
            Terminal.Out.Write(kinds);
            foreach (var job in status.Reports.Take(5))
                Terminal.Out.MarkupLineInterpolated($"[grey]{job.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z[/] {job.What}: {Word(job)}");
            foreach (var problem in status.Problems)
                Terminal.Out.MarkupLineInterpolated($"[red]{problem}[/]");
        }

        return status.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> NowAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(
                () =>
                    orchestrator.MakeBackupAsync(
                        parsed.GetValue(s_uploads) ? "uploads"
                            : parsed.GetValue(s_full) ? "full"
                            : "incremental",
                        cancel
                    ),
                cancel
            )
        );
        Terminal.Out.WriteLine(job.Backup ?? job.What);
        return ExitCode.Ok;
    }

    private static async Task<int> SiteAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(
                () => orchestrator.BackUpSiteAsync(parsed.GetRequiredValue(s_site), cancel),
                cancel
            )
        );
        Terminal.Out.WriteLine(job.Backup ?? job.What);
        return ExitCode.Ok;
    }

    private static async Task<int> ConfigurationAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        Terminal.Out.WriteLine(
            await orchestrator.KeepConfigurationAsync(ConfigurationArchive.Pack(parsed.Instance(), parsed.FarmFile()), cancel)
        );
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var backups = await orchestrator.BackupListAsync(cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(backups, s_format));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("Backup", "Kind", "Of", "Took", "Size", "GTID", "Kept because…");
        foreach (var backup in backups.Where(backup => parsed.GetValue(s_all) || backup.Kind != "binarylog"))
            table.AddRow(
                backup.Id,
                backup.Kind,
                backup.Source ?? "",
                string.Create(CultureInfo.InvariantCulture, $"{(backup.Completed - backup.Started).TotalSeconds:0.0} s"),
                Size(backup.StoredBytes),
                backup.Gtid ?? "",
                Markup.Escape(backup.Why ?? "it is not, and will be deleted")
            );
        Terminal.Out.Write(table);
        var logs = backups.Where(backup => backup.Kind == "binarylog").ToList();
        if (logs.Count > 0 && !parsed.GetValue(s_all))
            Terminal.Out.WriteLine(
                $"and {logs.Count} binary logs, {Size(logs.Sum(log => log.StoredBytes))}, from {logs[0].Started.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"
            );
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        Console.WriteLine(JsonSerializer.Serialize(await orchestrator.BackupAsync(parsed.GetRequiredValue(s_id), cancel), s_format));
        return ExitCode.Ok;
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(
                () => orchestrator.VerifyBackupAsync(parsed.GetValue(s_idOrLatest), cancel),
                cancel
            )
        );
        Terminal.Out.WriteLine(job.Phases[^1].Result);
        return ExitCode.Ok;
    }

    private static async Task<int> PruneAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (parsed.GetValue(s_dryRun))
        {
            var deleted = (await orchestrator.BackupListAsync(cancel)).Where(backup => backup.Why is null).ToList();
            foreach (var backup in deleted)
                Terminal.Out.WriteLine(backup.Id);
            Terminal.Out.WriteLine($"{deleted.Count} backups, {Size(deleted.Sum(backup => backup.StoredBytes))}, would be deleted.");
            return ExitCode.Ok;
        }

        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.PruneBackupsAsync(cancel), cancel)
        );
        Terminal.Out.WriteLine(string.Join("; ", job.Phases.Select(phase => phase.Result)));
        return ExitCode.Ok;
    }

    private static string Word(BackupJob job) =>
        job.Failure is { } failure ? $"failed: {failure}"
        : job.Running is { } running ? $"{running}…"
        : string.Create(CultureInfo.InvariantCulture, $"done in {(job.Ended - job.Since)?.TotalSeconds:0.0} s");

    private static string Size(long bytes) =>
        bytes switch
        {
            < 10_000 => $"{bytes} B",
            < 10_000_000 => $"{bytes / 1000} kB",
            < 10_000_000_000 => $"{bytes / 1_000_000} MB",
            _ => $"{bytes / 1_000_000_000} GB",
        };
}
