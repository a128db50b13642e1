using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>Starts the containers of a farm that are there and do not run, each when what its service depends on is there.</summary>
internal sealed class FarmStart(DockerClient engine, ComposeHost host, Farm farm, IFarmProgress progress)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>At a time: each takes the engine a third of a second of a processor.</summary>
    private const int AtOnce = 4;

    private readonly HealthProbe _health = new(engine);
    private readonly HashSet<string> _started = [];

    /// <summary>Returns when every service is healthy and every job done.</summary>
    /// <param name="counts">How many containers are to run of services that follow the load.</param>
    /// <exception cref="OperationFailedException">A job failed. What does not depend on it runs.</exception>
    public async Task RunAsync(IReadOnlyDictionary<string, int> counts, CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(s_lookEvery);
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

    /// <summary>What a job came to the last time says nothing about this time.</summary>
    private bool IsKnown(string service) => _started.Contains(service) || farm.Find(service) is not { IsJob: true };

    /// <summary>A job failed, and of the others nothing is under way any more.</summary>
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
            throw new OperationFailedException($"{container.Names[0].TrimStart('/')} cannot be started: {e.Message}", e);
        }
    }
}
