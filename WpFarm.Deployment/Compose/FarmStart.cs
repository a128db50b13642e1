using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>Starts a farm's existing containers that do not run, each once the services that its service depends on are ready.</summary>
internal sealed class FarmStart(DockerClient engine, ComposeHost host, Farm farm, IFarmProgress progress)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Containers started at a time. Each start costs the engine a third of a second of processor time.</summary>
    private const int AtOnce = 4;

    private readonly HealthProbe _health = new(engine);
    private readonly HashSet<string> _started = [];

    /// <summary>Returns when every service is healthy and every job is done.</summary>
    /// <param name="counts">How many containers of each service that follows the load must run.</param>
    /// <exception cref="OperationFailedException">A job failed. Services that do not depend on it run.</exception>
    public async Task RunAsync(IReadOnlyDictionary<string, int> counts, CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(s_interval);
        while (true)
        {
            var status = await host.StatusAsync(farm, _health, cancel);
            progress.Services(status);
            var settled = status.Where(service => service.IsSettled && IsKnown(service.Name)).Select(service => service.Name).ToHashSet();
            var next = farm
                .Services.Where(service =>
                    !_started.Contains(service.Name) && service.DependsOn.All(needed => settled.Contains(farm.Find(needed.Service)!.Name))
                )
                .ToList();
            if (next.Count > 0)
                await StartAsync(next, counts, cancel);
            else if (_started.Count == farm.Services.Count && status.All(service => service.IsSettled))
                return;
            else if (HasEnded(status))
                throw await host.FailedAsync(farm, "A job failed.", cancel);
            await tick.WaitForNextTickAsync(cancel);
        }
    }

    /// <summary>True when the service's state counts: the result of a job's previous run does not.</summary>
    private bool IsKnown(string service) => _started.Contains(service) || farm.Find(service) is not { IsJob: true };

    /// <summary>True when a job has failed and no other started service is still starting.</summary>
    private bool HasEnded(IReadOnlyList<ServiceReport> status)
    {
        bool HasFailed(ServiceReport service) =>
            service.State is ServiceCondition.Failed && _started.Contains(service.Name) && farm.Find(service.Name) is { IsJob: true };
        return status.Any(HasFailed) && status.All(service => service.IsSettled || HasFailed(service) || !_started.Contains(service.Name));
    }

    private async Task StartAsync(IReadOnlyList<Service> services, IReadOnlyDictionary<string, int> counts, CancellationToken cancel)
    {
        var containers = (await host.ContainersAsync(cancel)).ToLookup(ContainerStates.ServiceOf);
        await Parallel.ForEachAsync(
            services.SelectMany(service => Waiting(service, [.. containers[service.Name]], counts)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (container, token) => await StartAsync(container, token)
        );
        _started.UnionWith(services.Select(service => service.Name));
    }

    private static IEnumerable<ContainerListResponse> Waiting(
        Service service,
        IReadOnlyList<ContainerListResponse> containers,
        IReadOnlyDictionary<string, int> counts
    )
    {
        var waiting = containers.Where(container => !ContainerStates.IsUp(container)).OrderBy(ContainerStates.NumberOf).ToList();
        return counts.TryGetValue(service.Name, out var count) ? waiting.Take(count - (containers.Count - waiting.Count)) : waiting;
    }

    private async Task StartAsync(ContainerListResponse container, CancellationToken cancel)
    {
        try
        {
            await engine.Containers.StartContainerAsync(container.ID, new ContainerStartParameters(), cancel);
        }
        catch (DockerApiException e)
        {
            throw new OperationFailedException(
                $"The engine cannot start the container {container.Names[0].TrimStart('/')}: {e.Message}",
                e
            );
        }
    }
}
