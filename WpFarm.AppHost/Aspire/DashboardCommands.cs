using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// The dashboard's commands. They do the same as <c>./farm backup now</c>, <c>./farm drill</c>, <c>./farm db switchover</c> and
/// <c>./farm scale</c>.
/// </summary>
internal static class DashboardCommands
{
    public static void AddCommands(
        this IResourceBuilder<ProjectResource> project,
        Farm farm,
        FarmInstance instance,
        ContainerResources containers
    )
    {
        if (farm.MakesBackups)
            project.AddBackup(farm, instance);
        project.AddSwitchover(farm, instance);
        foreach (var (tier, _) in farm.Tiers.Where(tier => tier.Value.Scaling.Enabled))
            containers.Of(farm.PoolOf(tier))[0].AddScaling(farm, instance, tier);
    }

    private static void AddBackup(this IResourceBuilder<ProjectResource> project, Farm farm, FarmInstance instance)
    {
        project.Order(
            farm,
            instance,
            "back-up",
            "Back up now",
            "DatabaseArrowDown",
            "A full backup of the database.",
            async (orchestrator, cancel) =>
                (
                    await WatchAsync(orchestrator, () => orchestrator.SendAsync(BackupRoutes.Make, new(BackupKind.Full), cancel), cancel)
                ).Backup
                ?? "done"
        );
        project.Order(
            farm,
            instance,
            "drill",
            "Drill a restore",
            "ShieldCheckmark",
            "Restores the latest backups into a server that nobody uses, and checks what comes of it.",
            async (orchestrator, cancel) =>
            {
                await WatchAsync(orchestrator, () => orchestrator.SendAsync(BackupRoutes.Drill, cancel), cancel);
                var drill = (await orchestrator.SendAsync(BackupRoutes.Drills, cancel))[0];
                return $"{drill.Sites} sites, {drill.Tables} tables and {drill.Uploads} uploads are as they were";
            }
        );
    }

    private static void AddSwitchover(this IResourceBuilder<ProjectResource> project, Farm farm, FarmInstance instance) =>
        project.Order(
            farm,
            instance,
            "switchover",
            "Switch the database over",
            "ArrowSwap",
            "Makes the other primary the writer: writes pause for about a second.",
            async (orchestrator, cancel) =>
            {
                await orchestrator.SendAsync(DatabaseRoutes.SwitchOver, new(), cancel);
                return $"{(await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Writer} is the writer now";
            }
        );

    private static void AddScaling(this IResourceBuilder<ContainerResource> pool, Farm farm, FarmInstance instance, string tier)
    {
        pool.Order(farm, instance, "scale-out", "One container more", "Add", $"For the tier {tier}.", (orchestrator, cancel) =>
            ScaleAsync(orchestrator, tier, +1, cancel)
        );
        pool.Order(
            farm,
            instance,
            "scale-in",
            "One container fewer",
            "Subtract",
            $"Of the tier {tier}: it finishes its requests first.",
            (orchestrator, cancel) => ScaleAsync(orchestrator, tier, -1, cancel)
        );
    }

    private static void Order<T>(
        this IResourceBuilder<T> resource,
        Farm farm,
        FarmInstance instance,
        string name,
        string title,
        string icon,
        string description,
        Func<OrchestratorApi, CancellationToken, Task<string>> order
    )
        where T : IResource =>
        resource.WithCommand(
            name,
            title,
            async context =>
            {
                using var orchestrator = new OrchestratorApi(farm, instance);
                try
                {
                    return CommandResults.Success(await order(orchestrator, context.CancellationToken));
                }
                catch (Exception e) when (e is OperationFailedException or InvalidInputException)
                {
                    return CommandResults.Failure(e.Message);
                }
            },
            new CommandOptions { Description = description, IconName = icon }
        );

    private static Task<BackupReport> WatchAsync(OrchestratorApi orchestrator, Func<Task> order, CancellationToken cancel) =>
        new BackupWatch(orchestrator, new NoProgress()).RunAsync(order, cancel);

    private static async Task<string> ScaleAsync(OrchestratorApi orchestrator, string tier, int by, CancellationToken cancel)
    {
        var now = (await orchestrator.SendAsync(ScalingRoutes.DryRun, cancel)).First(seen => seen.Tier == tier).Replicas
            ?? throw new OperationFailedException(
                $"{tier}: the Orchestrator does not know how many containers it has. Run ./farm scale to see why."
            );
        var change = await orchestrator.SendAsync(ScalingRoutes.SetReplicas, new(tier, now + by), cancel);
        return $"{tier}: {change.From} → {change.To}";
    }
}
