using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Publishing;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Swarm;

/// <summary>The state of a farm's services on a swarm.</summary>
public static class SwarmStatus
{
    /// <returns>Null when the engine that the environment names is not a manager of a swarm that runs this farm.</returns>
    public static async Task<(Farm Farm, IReadOnlyList<ServiceReport> Services)?> ReadAsync(
        FarmInstance instance,
        FarmOptions options,
        CancellationToken cancel
    )
    {
        var swarm = new SwarmClient(context: null);
        if (
            await swarm.InfoAsync(cancel) is not { IsManager: true }
            || await swarm.ServicesAsync(instance.Project, cancel) is not { Count: > 0 } there
        )
            return null;
        var tasks = (await swarm.TasksAsync(there, cancel)).ToLookup(task => task.Service);
        var farm = Publisher.Design(options, firstPartyOnly: false);
        return (
            farm,
            [
                .. from service in farm.Services
                let name = Stacks.NameOf(instance.Project, service)
                select Of(service, there.FirstOrDefault(found => found.Name == name), [.. tasks[name]]),
            ]
        );
    }

    /// <param name="there">The service in the swarm; null when it is not there.</param>
    /// <param name="tasks">The service's tasks, per slot the newest first.</param>
    internal static ServiceReport Of(Service service, SwarmService? there, IReadOnlyList<SwarmTask> tasks)
    {
        // A deployment may leave out upstream images (--first-party).
        if (there is null)
            return new(
                service.Name,
                service.Layer,
                service.Image is Image.Upstream ? ServiceCondition.LeftOut : ServiceCondition.Absent,
                0,
                0,
                "is not in the swarm"
            );
        var wanted = tasks.Where(task => task.Wanted == "Running").ToList();
        var progress = Convergence.Of(there, before: there, tasks, service.IsJob);
        var isWell = progress.State is ProgressState.Converged;
        return new(
            service.Name,
            service.Layer,
            isWell
                ? service.IsJob
                    ? ServiceCondition.Completed
                    : ServiceCondition.Healthy
                : ServiceCondition.Starting,
            service.IsJob
                ? isWell
                    ? 1
                    : 0
                : wanted.Count(task => task.State == "Running"),
            service.IsJob ? 1 : there.Wanted ?? wanted.Count,
            isWell ? "" : progress.Detail
        );
    }
}
