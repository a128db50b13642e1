using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class StatusCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };

    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Command Create() =>
        FarmCommand.Create(
            "status",
            "Show the state of every service. Exits with 1 when a service is not healthy.",
            RunAsync,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var swarm = await SwarmStatus.ReadAsync(parsed.Instance(), FarmRunbook.ReadFarmFile(parsed.FarmFile()), cancel);
        var (farm, services) = swarm ?? await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        Farm = parsed.Instance().Name,
                        Services = services,
                        farm.Sites,
                    },
                    s_format
                )
            );
        }
        else
        {
            FarmTables.Services(farm, services, onSwarm: swarm is not null);
            FarmTables.Sites(farm, parsed.Instance());
            FarmTables.LeftOut(farm);
            await AskAsync("backups", BackupsAsync);
            if (farm.Options.Observability.Enabled)
                await AskAsync("alerts", AlertsAsync);
        }

        return services.All(s => s.IsSettled) ? ExitCode.Ok : ExitCode.Failed;

        async Task AskAsync(string what, Func<OrchestratorApi, CancellationToken, Task> show)
        {
            try
            {
                var instance = parsed.Instance();
                using var orchestrator = (swarm is null ? null : await OrchestratorApi.OnSwarmAsync(instance, cancel))
                    ?? new(farm, instance);
                await show(orchestrator, cancel);
            }
            catch (Exception e) when (e is OperationFailedException or InvalidInputException)
            {
                Terminal.Out.MarkupLineInterpolated($"[grey]{what}: {e.Message}[/]");
            }
        }
    }

    private static async Task BackupsAsync(OrchestratorApi orchestrator, CancellationToken cancel)
    {
        var backups = await orchestrator.SendAsync(BackupRoutes.Status, cancel);
        Terminal.Out.WriteLine(BackupCommand.Summary(backups));
        foreach (var problem in backups.Problems)
            Terminal.Out.MarkupLineInterpolated($"[red]backups: {problem}[/]");
    }

    private static async Task AlertsAsync(OrchestratorApi orchestrator, CancellationToken cancel)
    {
        foreach (var line in AlertsCommand.Summary(await orchestrator.SendAsync(AlertRoutes.Status, cancel)))
            Terminal.Out.MarkupLine(line);
    }
}
