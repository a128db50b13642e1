using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose.Changing;

/// <summary>
/// Carries out a <see cref="ChangePlan"/> while visitors use the farm. When a step fails, the services that come later in the plan stay
/// unchanged.
/// </summary>
internal sealed class ChangeRun(DockerClient engine, ComposeHost host, FarmInstance instance, Farm farm, IFarmProgress progress)
{
    /// <summary>How long a replaced container may take to become healthy.</summary>
    private static readonly TimeSpan s_healthyLimit = TimeSpan.FromMinutes(3);

    /// <summary>How long the edge may finish its requests. From its stop until the new container listens, visitors are refused.</summary>
    private const int EdgeStopSeconds = 2;

    /// <exception cref="OperationFailedException">A step failed; names the service and what keeps running unchanged.</exception>
    public async Task MakeAsync(IReadOnlyList<PlannedChange> plan, CancellationToken cancel)
    {
        await ApplyInParallelAsync([.. plan.Where(change => change.Action is ServiceAction.Start or ServiceAction.Replace)], cancel);
        var inTurn = plan.Where(change => change.Action is ServiceAction.InTurn)
            .Select(change => farm.Find(change.Service)!)
            .ToLookup(service => service.Layer);
        await new DatabaseRollout(host, instance, farm, progress).ReplaceAsync(
            [.. inTurn[Layer.Database].Select(service => service.Name)],
            cancel
        );
        await new CacheRollout(host, instance, farm, progress).ReplaceAsync(
            [.. inTurn[Layer.Caching].Select(service => service.Name)],
            cancel
        );
        foreach (var change in plan)
        {
            var service = farm.Services.FirstOrDefault(service => service.Name == change.Service);
            if (service is null || change.Action is ServiceAction.Start or ServiceAction.Replace or ServiceAction.InTurn)
                continue;
            progress.Report(
                service.Name,
                change.Action switch
                {
                    ServiceAction.Reload => $"reloading {string.Join(", ", change.Because)}",
                    ServiceAction.RunAgain => "running again",
                    _ => $"replacing, because of: {string.Join(", ", change.Because)}",
                }
            );
            await MakeAsync(service, change.Action, cancel);
        }
    }

    private Task MakeAsync(Service service, ServiceAction action, CancellationToken cancel) =>
        action switch
        {
            ServiceAction.Reload => ReloadAsync(service, cancel),
            ServiceAction.StartFirst => StartFirstAsync(service, cancel),
            ServiceAction.ReplaceEdge => host.ReplaceAsync(farm, [service.Name], s_healthyLimit, cancel, EdgeStopSeconds),
            ServiceAction.RunAgain => RemoveAllAsync(service, cancel),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };

    /// <summary>Starts or replaces, all at once, services that no visitor waits for.</summary>
    private async Task ApplyInParallelAsync(IReadOnlyList<PlannedChange> changes, CancellationToken cancel)
    {
        if (changes.Count == 0)
            return;
        foreach (var change in changes)
            progress.Report(
                change.Service,
                change.Action is ServiceAction.Start ? "starting" : $"replacing, because of: {string.Join(", ", change.Because)}"
            );
        await host.ReplaceAsync(farm, [.. changes.Select(change => change.Service)], s_healthyLimit, cancel);
    }

    private async Task ReloadAsync(Service service, CancellationToken cancel)
    {
        if (service.Reload!.Command.Count > 0)
            foreach (var container in await UpAsync(service, cancel))
            {
                var run = await ContainerProgram.RunAsync(engine, container.ID, service.Reload.Command, cancel);
                if (run is { ExitCode: not 0 })
                    throw new OperationFailedException(
                        $"{service.Name} could not reload its changed files and keeps the old ones: {run.Errors.Trim()}{run.Output.Trim()}"
                    );
            }

        LiveFiles.RecordLoaded(service, instance.Folder);
    }

    /// <summary>Replaces containers one at a time, each new one started first. All at once would need twice the memory.</summary>
    private async Task StartFirstAsync(Service service, CancellationToken cancel)
    {
        var old = await UpAsync(service, cancel);
        foreach (var container in old)
        {
            await host.AddAsync(farm, service, old.Count + 1, s_healthyLimit, cancel);
            progress.Report(service.Name, $"{container.Names[0].TrimStart('/')} is finishing its requests");
            await engine.Containers.StopContainerAsync(
                container.ID,
                new ContainerStopParameters { WaitBeforeKillSeconds = (uint)service.StopGrace.TotalSeconds },
                cancel
            );
            await RemoveAsync(container, cancel);
        }
    }

    private async Task RemoveAllAsync(Service service, CancellationToken cancel)
    {
        foreach (var container in await host.ContainersOfAsync(service, cancel))
            await RemoveAsync(container, cancel);
    }

    private Task RemoveAsync(ContainerListResponse container, CancellationToken cancel) =>
        engine.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true }, cancel);

    private async Task<IReadOnlyList<ContainerListResponse>> UpAsync(Service service, CancellationToken cancel) =>
        [.. (await host.ContainersOfAsync(service, cancel)).Where(ContainerStates.IsUp)];
}
