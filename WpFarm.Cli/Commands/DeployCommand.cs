using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

internal static class DeployCommand
{
    private static readonly Option<string?> s_context = new("--context", "-c")
    {
        Description = "Docker context of a manager of the swarm. Without it, the engine that DOCKER_HOST names, or this machine's.",
        HelpName = "NAME",
    };
    private static readonly Option<bool> s_label = new("--label") { Description = "Set missing node labels." };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Show what would change, and change nothing." };
    private static readonly Option<bool> s_prune = new("--prune")
    {
        Description = "Only remove this farm's configs and secrets that no service uses.",
    };
    private static readonly Option<bool> s_replaceSecrets = new("--replace-secrets")
    {
        Description = "Deploy this machine's secrets although the swarm has other values. Existing data keeps the old values.",
    };
    private static readonly Option<bool> s_noBuild = new("--no-build")
    {
        Description = "Do not build images: they are in the registry already.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "deploy",
            "Deploy farm.json to a swarm: node labels, secrets, images, stacks.",
            RunAsync,
            s_context,
            s_label,
            s_dryRun,
            s_prune,
            s_replaceSecrets,
            s_noBuild,
            Publishing.FirstParty,
            SharedOptions.ProductionName,
            SharedOptions.File
        );

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancel) =>
        parsed.GetValue(s_prune) ? PruneAsync(parsed, cancel) : DeployAsync(parsed, cancel);

    private static async Task<int> DeployAsync(ParseResult parsed, CancellationToken cancel)
    {
        var options = FarmRunbook.ReadFarmFile(parsed.FarmFile());
        var choices = new DeploymentChoices(
            parsed.GetValue(s_label),
            parsed.GetValue(s_replaceSecrets),
            parsed.GetValue(Publishing.FirstParty)
        );
        if (parsed.GetValue(s_dryRun))
        {
            Show(await Deployment(parsed, new NoProgress()).PlanAsync(options, choices with { SetLabels = true }, cancel));
            return ExitCode.Ok;
        }

        var plan = await FarmProgress.ShowAsync(async progress =>
        {
            var deployment = Deployment(parsed, progress);
            var made = await deployment.PlanAsync(options, choices, cancel);
            await deployment.DeployAsync(made, build: !parsed.GetValue(s_noBuild), cancel);
            await KeepConfigurationAsync(parsed, made.Farm, progress, cancel);
            return made;
        });
        Show(plan);
        FarmTables.Sites(plan.Farm, parsed.ProductionInstance());
        return ExitCode.Ok;
    }

    private static async Task KeepConfigurationAsync(ParseResult parsed, Farm farm, IFarmProgress progress, CancellationToken cancel)
    {
        using var orchestrator = farm.MakesBackups
            ? await OrchestratorApi.OnSwarmAsync(parsed.ProductionInstance(), cancel, parsed.GetValue(s_context))
            : null;
        if (orchestrator is null)
            return;
        progress.Begin("Backup");
        await new ConfigurationUpload(parsed.ProductionInstance(), progress).KeepAsync(orchestrator, parsed.FarmFile(), cancel);
    }

    private static async Task<int> PruneAsync(ParseResult parsed, CancellationToken cancel)
    {
        var unused = await Deployment(parsed, new NoProgress()).FindUnusedAsync(cancel);
        if (!parsed.GetValue(s_dryRun))
            await FarmProgress.ShowAsync(async progress =>
            {
                await Deployment(parsed, progress).RemoveAsync(unused, cancel);
                return true;
            });
        foreach (var (kind, name) in unused)
            Terminal.Out.WriteLine($"{kind} {name}");
        Terminal.Error.MarkupLineInterpolated($"[grey]{unused.Count} {(parsed.GetValue(s_dryRun) ? "would be removed" : "removed")}.[/]");
        return ExitCode.Ok;
    }

    private static SwarmDeployment Deployment(ParseResult parsed, IFarmProgress progress) =>
        new(RepositoryRoot.Find(), parsed.ProductionInstance(), new SwarmTarget(parsed.GetValue(s_context)), progress);

    private static void Show(DeploymentPlan plan)
    {
        foreach (var label in plan.Labels)
            Terminal.Out.WriteLine(label.ToString());
        foreach (var change in plan.Services.Where(change => change.Kind is not ChangeKind.None))
            Terminal.Out.WriteLine($"{change.Kind.ToString().ToLowerInvariant()} {change.Name}");
        Terminal.Out.WriteLine(
            $"{plan.Services.Count(change => change.Kind is ChangeKind.None)} services unchanged, on {plan.Nodes} nodes"
        );
    }
}
