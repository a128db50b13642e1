using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Backups;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm backup</c>: shows backups, and orders the Orchestrator to make some beside those that it makes by itself.</summary>
internal static class BackupCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };
    private static readonly Option<bool> s_all = new("--all") { Description = "List each binary log too. There may be thousands." };
    private static readonly IReadOnlyList<(BackupKind Kind, Option<bool> Option)> s_kinds =
    [
        .. BackupKinds
            .All.Where(kind => kind.Traits.OrderOption is not null)
            .Select(kind => (kind, new Option<bool>($"--{kind.Word()}") { Description = kind.Traits.OrderOption })),
    ];
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Show what would be deleted, and delete nothing." };
    private static readonly Argument<string> s_id = new("id") { Description = "Id of a backup, as ./farm backup list shows it." };
    private static readonly Argument<string> s_site = new("site") { Description = "Id of a site in farm.json." };
    private static readonly Argument<string?> s_idOrLatest = new("id")
    {
        Description = "Id of a backup. Without it: all backups from which the latest moment is recovered.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var show = FarmCommand.Create("show", "Show the manifest of one backup.", ShowAsync, SharedOptions.Name, SharedOptions.File);
        show.Arguments.Add(s_id);
        var verify = FarmCommand.Create(
            "verify",
            "Read backups from the first byte to the last, and check them against their manifests.",
            VerifyAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        verify.Arguments.Add(s_idOrLatest);
        var site = FarmCommand.Create(
            "site",
            "Export one site's database as SQL, to restore it later (./farm restore --site SITE --from ID) or to use it elsewhere.",
            SiteAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        site.Arguments.Add(s_site);
        return new Command("backup", "Show, make and check backups.")
        {
            FarmCommand.Create(
                "status",
                "Show up to which moment the farm can be recovered, and the last jobs. Exits with 1 when there is a problem.",
                StatusAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "now",
                "Make a backup now.",
                NowAsync,
                [.. s_kinds.Select(kind => kind.Option), SharedOptions.Name, SharedOptions.File]
            ),
            site,
            FarmCommand.Create(
                "configuration",
                "Seal farm.json, the secrets and the manifests, and store them with the backups. ./farm up and ./farm deploy do this too.",
                ConfigurationAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "list",
                "List all backups, and why each is kept.",
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
                "Delete backups that no retention rule keeps. The Orchestrator does this each hour.",
                PruneAsync,
                s_dryRun,
                SharedOptions.Name,
                SharedOptions.File
            ),
        };
    }

    /// <summary>The line about backups that <c>./farm status</c> prints too.</summary>
    public static string Summary(BackupStatus status) =>
        status.RecoverableUntil is { } until
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"recoverable up to {FarmTables.Time(until)} ({status.RpoSeconds:0} s ago), in {status.Location}"
            )
            : $"nothing can be recovered yet, in {status.Location}";

    private static async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var status = await orchestrator.SendAsync(BackupRoutes.Status, cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(status, ApiJson.Indented));
        }
        else
        {
            Terminal.Out.WriteLine(Summary(status));
            if (status.OffSite is { } offSite)
                Terminal.Out.WriteLine(
                    offSite.CopiedAt is { } at
                        ? $"off-site copy in {offSite.Location}: complete up to {FarmTables.Time(at)}"
                        : $"off-site copy in {offSite.Location}: nothing yet"
                );
            var kinds = FarmTables.Table("Kind", "Count", "Size", "Last");
            foreach (var kind in status.Kinds)
                kinds.AddRow(kind.Kind.Word(), $"{kind.Count}", Size(kind.StoredBytes), FarmTables.Time(kind.Last));
            Terminal.Out.Write(kinds);
            foreach (var job in status.Reports.Take(5))
                Terminal.Out.MarkupLineInterpolated($"[grey]{FarmTables.Time(job.Since)}[/] {job.What}: {Word(job)}");
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
                    orchestrator.SendAsync(
                        BackupRoutes.Make,
                        new(
                            s_kinds
                                .Where(kind => parsed.GetValue(kind.Option))
                                .Select(kind => kind.Kind)
                                .LastOrDefault(BackupKind.Incremental)
                        ),
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
                () => orchestrator.SendAsync(BackupRoutes.MakeOfSite, new(parsed.GetRequiredValue(s_site)), cancel),
                cancel
            )
        );
        Terminal.Out.WriteLine(job.Backup ?? job.What);
        return ExitCode.Ok;
    }

    private static async Task<int> ConfigurationAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var archive = ConfigurationArchive.Pack(parsed.Instance(), parsed.FarmFile());
        Terminal.Out.WriteLine((await orchestrator.SendAsync(BackupRoutes.StoreConfiguration, archive, cancel)).Id);
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var backups = await orchestrator.SendAsync(BackupRoutes.List, cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(backups, ApiJson.Indented));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("Backup", "Kind", "Of", "Took", "Size", "GTID", "Kept because…");
        foreach (var backup in backups.Where(backup => parsed.GetValue(s_all) || !backup.Kind.IsLog))
            table.AddRow(
                backup.Id,
                backup.Kind.Word(),
                backup.Source ?? "",
                string.Create(CultureInfo.InvariantCulture, $"{(backup.Completed - backup.Started).TotalSeconds:0.0} s"),
                Size(backup.StoredBytes),
                backup.Gtid ?? "",
                Markup.Escape(backup.Why ?? "not kept: the next prune deletes it")
            );
        Terminal.Out.Write(table);
        var logs = backups.Where(backup => backup.Kind.IsLog).ToList();
        if (logs.Count > 0 && !parsed.GetValue(s_all))
            Terminal.Out.WriteLine(
                $"and {logs.Count} binary logs, {Size(logs.Sum(log => log.StoredBytes))}, " + $"from {FarmTables.Time(logs[0].Started)}"
            );
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var manifest = await orchestrator.SendAsync(BackupRoutes.Manifest, new(parsed.GetRequiredValue(s_id)), cancel);
        Console.WriteLine(JsonSerializer.Serialize(manifest, ApiJson.Indented));
        return ExitCode.Ok;
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(
                () =>
                    parsed.GetValue(s_idOrLatest) is { } id
                        ? orchestrator.SendAsync(BackupRoutes.Verify, new(id), cancel)
                        : orchestrator.SendAsync(BackupRoutes.VerifyLatest, cancel),
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
            var deleted = (await orchestrator.SendAsync(BackupRoutes.List, cancel)).Where(backup => backup.Why is null).ToList();
            foreach (var backup in deleted)
                Terminal.Out.WriteLine(backup.Id);
            Terminal.Out.WriteLine($"{deleted.Count} backups, {Size(deleted.Sum(backup => backup.StoredBytes))}, would be deleted.");
            return ExitCode.Ok;
        }

        var job = await FarmProgress.ShowAsync(progress =>
            new BackupWatch(orchestrator, progress).RunAsync(() => orchestrator.SendAsync(BackupRoutes.Prune, cancel), cancel)
        );
        Terminal.Out.WriteLine(string.Join("; ", job.Phases.Select(phase => phase.Result)));
        return ExitCode.Ok;
    }

    private static string Word(BackupReport job) =>
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
