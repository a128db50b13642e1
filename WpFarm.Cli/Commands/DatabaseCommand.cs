using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Deployment;
using WpFarm.Deployment.Database;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm db</c>: what the Orchestrator says of the database, and what people may ask of it.</summary>
internal static class DatabaseCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "For programs." };
    private static readonly Option<string?> s_to = new("--to")
    {
        Description = "Which server. Without it, the other primary.",
        HelpName = "SERVER",
    };
    private static readonly Argument<string> s_onOff = new("on|off")
    {
        Description = "on: the server is given no role. off: it takes part again.",
    };
    private static readonly Argument<string> s_server = new("server") { Description = "For example mariadb-p2." };
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        s_onOff.AcceptOnlyFromAmong("on", "off");
        var maintenance = FarmCommand.Create(
            "maintenance",
            "Take a server out, so that it is neither promoted nor waited for, and back in.",
            MaintainAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        maintenance.Arguments.Add(s_onOff);
        maintenance.Arguments.Add(s_server);
        var reseed = FarmCommand.Create(
            "reseed",
            "Give a server a copy of another's data in place of its own. Both go on meanwhile; what only it has is saved first.",
            ReseedAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        reseed.Arguments.Add(s_server);
        return new Command("db", "The database: who takes writes, who follows, and changes of that.")
        {
            FarmCommand.Create(
                "status",
                "Every server's role, lag and position, and the last changes of the writer. Ends with 1 when something is not as it should be.",
                StatusAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "switchover",
                "Make the other primary the writer, without losing a write: writes pause for about a second.",
                SwitchOverAsync,
                s_to,
                SharedOptions.Name,
                SharedOptions.File
            ),
            maintenance,
            reseed,
            FarmCommand.Create(
                "add-replica",
                "One read replica more: written into farm.json, started, and given a copy of another's data.",
                AddReplicaAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "advise",
                "Largest tables, options that every request loads, statements without an index: read from a replica of a farm on this machine.",
                AdviseAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "acknowledge",
                "Say that somebody has looked at the last failover: the next one may come at any time.",
                AcknowledgeAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
        };
    }

    private static async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var status = await orchestrator.DatabaseAsync(cancel);
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(status, s_format));
        else
            Show(status);
        return status.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> SwitchOverAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SwitchOverAsync(parsed.GetValue(s_to), cancel);
        var change = (await orchestrator.DatabaseAsync(cancel)).Promotions[0];
        Terminal.Out.WriteLine($"{change.To} is the writer now, after {change.From}.");
        return ExitCode.Ok;
    }

    private static async Task<int> MaintainAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.MaintainAsync(parsed.GetRequiredValue(s_server), parsed.GetRequiredValue(s_onOff) == "on", cancel);
        return ExitCode.Ok;
    }

    private static async Task<int> ReseedAsync(ParseResult parsed, CancellationToken cancel)
    {
        var server = parsed.GetRequiredValue(s_server);
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var seed = await FarmProgress.ShowAsync(progress => new DatabaseSeed(orchestrator, progress).OrderAsync(server, cancel));
        Terminal.Out.WriteLine(
            $"{seed.To} has a copy of {seed.From}: {string.Join(", ", seed.Phases.Select(phase => $"{phase.Name} {phase.Took.TotalSeconds:0.0} s"))}."
        );
        if (seed.Saved is { } saved)
            Terminal.Out.WriteLine($"Transactions that only it had are in {saved}, on its volume.");
        return ExitCode.Ok;
    }

    private static async Task<int> AddReplicaAsync(ParseResult parsed, CancellationToken cancel)
    {
        await parsed.Runbook(new NoProgress()).RefuseOnSwarmAsync(cancel);
        var replicas = FarmRunbook.ReadFarmFile(parsed.FarmFile()).Database.ReadReplicas + 1;
        await FarmProgress.ShowAsync(async progress =>
        {
            progress.Begin("Replica");
            FarmRunbook.Change(parsed.FarmFile(), ("database.readReplicas", $"{replicas}"));
            progress.Report(parsed.FarmFile(), $"database.readReplicas is {replicas}");
            var farm = await parsed.Runbook(progress).UpAsync(parsed.FarmFile(), freePorts: false, cancel);
            progress.Begin("Data");
            using var orchestrator = new OrchestratorApi(farm, parsed.Instance());
            await new DatabaseSeed(orchestrator, progress).UntilItFollowsAsync($"mariadb-r{replicas}", cancel);
            return true;
        });
        return ExitCode.Ok;
    }

    private static async Task<int> AcknowledgeAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.AcknowledgeAsync(cancel);
        return ExitCode.Ok;
    }

    private static async Task<int> AdviseAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        using var orchestrator = new OrchestratorApi(farm, parsed.Instance());
        var status = await orchestrator.DatabaseAsync(cancel);
        var server = (status.Servers.LastOrDefault(s => s.Failure is null && s.Name != status.Writer) ?? status.Servers[0]).Name;
        Show(await new DatabaseAdvice(farm, parsed.Instance()).LookAsync(server, cancel));
        return ExitCode.Ok;
    }

    private static void Show(DatabaseFindings found)
    {
        var tables = FarmTables.Table("Largest tables", "Rows", "Size");
        foreach (var table in found.LargestTables)
            tables.AddRow($"{table.Schema}.{table.Table}", $"{table.Rows}", Size(table.Size));
        Terminal.Out.Write(tables);

        var options = FarmTables.Table("Loaded by every request", "Options", "Size", "Advice…");
        foreach (var site in found.Autoloaded)
            options.AddRow(
                Markup.Escape(site.Site),
                $"{site.Options}",
                Size(site.Size),
                site.TooMuch ? "[yellow]over 800 kB: find the largest, and let their plugins not autoload them[/]" : ""
            );
        Terminal.Out.Write(options);

        if (found.FullScans.Count == 0)
        {
            Terminal.Out.WriteLine("No statement of a site reads over 1000 rows without an index.");
            return;
        }

        var scans = FarmTables.Table("Without an index", "Times", "Rows read", "Rows sent", "Statement…");
        foreach (var scan in found.FullScans)
            scans.AddRow(Markup.Escape(scan.Schema), $"{scan.Times}", $"{scan.Examined}", $"{scan.Sent}", Markup.Escape(scan.Statement));
        Terminal.Out.Write(scans);
    }

    private static string Size(Topology.ByteSize size) => size.Bytes < 1 << 20 ? $"{size.Bytes >> 10} kB" : $"{size.Megabytes} MB";

    private static void Show(DatabaseStatus status)
    {
        var servers = FarmTables.Table("Server", "Role", "State", "Behind", "GTID…");
        foreach (var server in status.Servers)
            servers.AddRow(
                server.Name,
                server.Role,
                State(server, status.Writer),
                server.LagSeconds is { } lag ? $"{lag:0} s" : "",
                Markup.Escape(server.Gtid ?? "")
            );
        Terminal.Out.Write(servers);

        foreach (var problem in status.Problems)
            Terminal.Out.MarkupLineInterpolated($"[red]problem[/] {problem}");
        if (status.Promotions.Count == 0)
            return;
        var changes = FarmTables.Table("Writer since", "Server", "After", "Without one", "Phases…");
        foreach (var change in status.Promotions.Take(5))
            changes.AddRow(
                change is { Failure: null, Ended: { } ended } ? $"{ended:yyyy-MM-dd HH:mm:ss}" : change.Running ?? "failed",
                change.To,
                change.From ?? "nobody",
                change is { Failure: null, Ended: { } end } ? $"{(end - change.Since).TotalSeconds:0.0} s" : "",
                Markup.Escape(
                    change.Failure ?? string.Join(", ", change.Phases.Select(phase => $"{phase.Name} {phase.Took.TotalMilliseconds:0} ms"))
                )
            );
        Terminal.Out.Write(changes);
    }

    private static string State(DatabaseServerStatus server, string? writer) =>
        server.Maintenance ? "[yellow]maintenance[/]"
        : server.Reseeding ? "[yellow]to be seeded anew[/]"
        : server.Failure is { } failure ? $"[red]{Markup.Escape(failure)}[/]"
        : server.Name == writer ? "[green]writer[/]"
        : server.ReadOnly != true ? "[red]takes writes[/]"
        : server.Channels.FirstOrDefault(channel => !channel.Running) is { } stopped
            ? $"[red]{Markup.Escape($"channel {stopped.Name} does not run{(stopped.Error is null ? "" : $": {stopped.Error}")}")}[/]"
        : server.Acknowledges ? "[green]acknowledges[/]"
        : server.Channels.Count == 0 ? "[red]follows nobody[/]"
        : "[green]follows[/]";
}
