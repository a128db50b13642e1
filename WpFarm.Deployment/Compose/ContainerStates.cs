using System.Globalization;
using System.Text.RegularExpressions;
using Docker.DotNet.Models;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>Translates the engine's container states into the states of a farm's services.</summary>
internal static partial class ContainerStates
{
    /// <param name="healthy">
    /// Ids of containers that <see cref="HealthProbe"/> has found healthy before the engine's first health check.
    /// </param>
    public static IReadOnlyList<ServiceReport> Of(
        Farm farm,
        IReadOnlyList<ContainerListResponse> containers,
        IReadOnlySet<string>? healthy = null
    )
    {
        var byService = containers.ToLookup(ServiceOf);
        return
        [
            .. farm.Services.Select(s => Of(s, byService[s.Name].ToList(), healthy ?? new HashSet<string>())),
            .. farm.Omitted.Select(o => new ServiceReport(o.Service.Name, o.Service.Layer, ServiceCondition.LeftOut, 0, 0, o.Reason)),
        ];
    }

    private static ServiceReport Of(Service service, List<ContainerListResponse> containers, IReadOnlySet<string> healthy)
    {
        // A stopped container of a service that follows the load is a spare one: it waits for the load to rise.
        if (service.FollowsLoad && containers.Count(IsUp) >= service.Replicas.Min)
            containers = containers.FindAll(IsUp);
        var states = containers.ConvertAll(c => IsStarting(c) && healthy.Contains(c.ID) ? ServiceCondition.Healthy : Of(service, c));
        var good = states.Count(s => s is ServiceCondition.Healthy or ServiceCondition.Completed);
        var wanted = Math.Max(service.IsJob ? 1 : service.Replicas.Min, containers.Count);
        var state = containers.Count < wanted ? ServiceCondition.Absent : states.Max();
        var detail = containers
            .Where((_, i) => states[i] == state && state > ServiceCondition.Starting)
            .Select(c => c.Status)
            .FirstOrDefault()
            ?? "";
        return new ServiceReport(service.Name, service.Layer, state, good, wanted, detail);
    }

    public static string ServiceOf(ContainerListResponse container) =>
        container.Labels.TryGetValue(ComposeLabels.Service, out var name) ? name : "";

    /// <summary>Number of the container within its service, from 1.</summary>
    public static int NumberOf(ContainerListResponse container) =>
        container.Labels.TryGetValue(ComposeLabels.Number, out var number) ? int.Parse(number, CultureInfo.InvariantCulture) : int.MaxValue;

    public static bool IsUp(ContainerListResponse container) => container.State is "running" or "restarting";

    /// <summary>True when the container runs and the engine has no result of its health check yet.</summary>
    public static bool IsStarting(ContainerListResponse container) =>
        container.State == "running" && container.Status.Contains("(health: starting)", StringComparison.Ordinal);

    private static ServiceCondition Of(Service service, ContainerListResponse container) =>
        container.State switch
        {
            "running" when container.Status.Contains("(healthy)", StringComparison.Ordinal) => ServiceCondition.Healthy,
            "running" when container.Status.Contains("(unhealthy)", StringComparison.Ordinal) => ServiceCondition.Unhealthy,
            "running" when service.IsJob || service.Health is not null => ServiceCondition.Starting,
            "running" => ServiceCondition.Healthy,
            "exited" when service.IsJob && ExitCode(container.Status) == 0 => ServiceCondition.Completed,
            "exited" or "dead" => ServiceCondition.Failed,
            // It ended by itself; its status text has the exit code.
            "restarting" => ServiceCondition.Unhealthy,
            _ => ServiceCondition.Starting,
        };

    /// <summary>Parses the engine's status text: <c>Exited (137) 5 seconds ago</c>.</summary>
    private static int? ExitCode(string status) =>
        Exited().Match(status) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^Exited \((\d+)\)")]
    private static partial Regex Exited();
}
