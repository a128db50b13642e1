using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment;
using WpFarm.Deployment.Database;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Display;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm db</c>: shows the state of the database, and sends the operator's orders to the Orchestrator.</summary>
internal static class DatabaseCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };
    private static readonly Option<string?> s_to = new("--to")
    {
        Description = "The server that becomes the writer. Without it, the other primary.",
        HelpName = "SERVER",
    };
    private static readonly Argument<string> s_onOff = new("on|off")
    {
        Description = "on: the server gets no role. off: it takes part again.",
    };
    private static readonly Argument<string> s_server = new("server") { Description = "For example mariadb-p2." };

    public static Command Create()
    {
        s_onOff.AcceptOnlyFromAmong("on", "off");
        var maintenance = FarmCommand.Create(
            "maintenance",
            "Take a server out of service, so that it is neither promoted nor waited for, or put it back.",
            MaintainAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        maintenance.Arguments.Add(s_onOff);
        maintenance.Arguments.Add(s_server);
        var reseed = FarmCommand.Create(
            "reseed",
            "Replace a server's data by a copy of another server's. Both keep serving meanwhile. "
                + "Transactions that only this server has are saved first.",
            ReseedAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        reseed.Arguments.Add(s_server);
        return new Command("db", "Show and change the roles of the database servers.")
        {
            FarmCommand.Create(
                "status",
                "Show every server's role, lag and position, and the last changes of the writer. Exits with 1 when there is a problem.",
                StatusAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "switchover",
                "Make the other primary the writer without losing a write. Writes pause for about a second.",
                SwitchOverAsync,
                s_to,
                SharedOptions.Name,
                SharedOptions.File
            ),
            maintenance,
            reseed,
            FarmCommand.Create(
                "add-replica",
                "Add a read replica: write it into farm.json, start it, and seed it from another server.",
                AddReplicaAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "advise",
                "Show the largest tables, autoloaded options, and statements without an index, from a replica of a farm on this machine.",
                AdviseAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
            FarmCommand.Create(
                "acknowledge",
                "Confirm that you have examined the last failover, so that the next one may happen at any time.",
                AcknowledgeAsync,
                SharedOptions.Name,
                SharedOptions.File
            ),
        };
    }

    private static async Task<int> StatusAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var status = await orchestrator.SendAsync(DatabaseRoutes.Status, cancel);
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(status, ApiJson.Indented));
        else
            Show(status);
        return status.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> SwitchOverAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SendAsync(DatabaseRoutes.SwitchOver, new(parsed.GetValue(s_to)), cancel);
        var change = (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Promotions[0];
        Terminal.Out.WriteLine($"{change.To} is the writer now, after {change.From}.");
        return ExitCode.Ok;
    }

    private static async Task<int> MaintainAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SendAsync(
            DatabaseRoutes.Maintain,
            new(parsed.GetRequiredValue(s_server), parsed.GetRequiredValue(s_onOff) == "on"),
            cancel
        );
        return ExitCode.Ok;
    }

    private static async Task<int> ReseedAsync(ParseResult parsed, CancellationToken cancel)
    {
        var server = parsed.GetRequiredValue(s_server);
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var seed = await FarmProgress.ShowAsync(progress => new DatabaseSeed(orchestrator, progress).OrderAsync(server, cancel));
        Terminal.Out.WriteLine(
            $"{seed.To} has a copy of {seed.From}: "
                + $"{string.Join(", ", seed.Phases.Select(phase => $"{phase.Name} {phase.Took.TotalSeconds:0.0} s"))}."
        );
        if (seed.Saved is { } saved)
            Terminal.Out.WriteLine($"Transactions that only this server had are saved in {saved}, on its volume.");
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
            await new DatabaseSeed(orchestrator, progress).UntilItFollowsAsync(DatabaseServers.Replica(replicas), cancel);
            return true;
        });
        return ExitCode.Ok;
    }

    private static async Task<int> AcknowledgeAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SendAsync(DatabaseRoutes.Acknowledge, cancel);
        return ExitCode.Ok;
    }

    private static async Task<int> AdviseAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        using var orchestrator = new OrchestratorApi(farm, parsed.Instance());
        var status = await orchestrator.SendAsync(DatabaseRoutes.Status, cancel);
        var server = (status.Servers.LastOrDefault(s => s.Failure is null && s.Name != status.Writer) ?? status.Servers[0]).Name;
        Show(await new DatabaseAdvice(farm, parsed.Instance()).ExamineAsync(server, cancel));
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
                site.IsTooLarge
                    ? "[yellow]over 800 kB: find the largest options, and turn their autoloading off in the plugins that own them[/]"
                    : ""
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
                ApiJson.Word(server.Role),
                State(server, status.Writer),
                server.LagSeconds is { } lag ? $"{lag:0} s" : "",
                Markup.Escape(server.Gtid ?? "")
            );
        Terminal.Out.Write(servers);

        foreach (var problem in status.Problems)
            Terminal.Out.MarkupLineInterpolated($"[red]problem[/] {problem}");
        if (status.Promotions.Count == 0)
            return;
        var changes = FarmTables.Table("Writer since", "Server", "Previous", "Took", "Phases…");
        foreach (var change in status.Promotions.Take(5))
            changes.AddRow(
                change is { Failure: null, Ended: { } ended } ? $"{ended:yyyy-MM-dd HH:mm:ss}" : change.Running ?? "failed",
                change.To,
                change.From ?? "none",
                change is { Failure: null, Ended: { } end } ? $"{(end - change.Since).TotalSeconds:0.0} s" : "",
                Markup.Escape(
                    change.Failure ?? string.Join(", ", change.Phases.Select(phase => $"{phase.Name} {phase.Took.TotalMilliseconds:0} ms"))
                )
            );
        Terminal.Out.Write(changes);
    }

    private static string State(DatabaseServerStatus server, string? writer) =>
        server.Maintenance ? "[yellow]maintenance[/]"
        : server.Reseeding ? "[yellow]to be reseeded[/]"
        : server.Failure is { } failure ? $"[red]{Markup.Escape(failure)}[/]"
        : server.Name == writer ? "[green]writer[/]"
        : server.ReadOnly != true ? "[red]takes writes[/]"
        : server.Channels.FirstOrDefault(channel => !channel.Running) is { } stopped
            ? $"[red]{Markup.Escape($"channel {stopped.Name} does not run{(stopped.Error is null ? "" : $": {stopped.Error}")}")}[/]"
        : server.Acknowledges ? "[green]acknowledges[/]"
        : server.Channels.Count == 0 ? "[red]follows no server[/]"
        : "[green]follows[/]";
}
