using WpFarm.Topology;

namespace WpFarm.Deployment.Compose.Changing;

/// <summary>
/// Compares the running farm with the wanted farm and plans the changes. The order is from the inside out: a service changes before its
/// clients do, so that no new edge leads to an old pool.
/// </summary>
public static class ChangePlan
{
    /// <param name="wanted">The wanted version of each service.</param>
    /// <param name="running">The existing containers.</param>
    /// <param name="notTaken">Names of changed files that a service has not reloaded yet, by service.</param>
    public static IReadOnlyList<PlannedChange> Of(
        Farm farm,
        IReadOnlyDictionary<string, ServiceVersion> wanted,
        IReadOnlyList<RunningContainer> running,
        IReadOnlyDictionary<string, IReadOnlyList<string>> notTaken
    )
    {
        var containers = running.ToLookup(container => container.Service);
        return
        [
            .. farm
                .Services.OrderByDescending(service => service.Layer)
                .Select(service =>
                    Of(service, wanted[service.Name], [.. containers[service.Name]], notTaken.GetValueOrDefault(service.Name, []))
                )
                .OfType<PlannedChange>()
                .OrderBy(change => change.Action is not (ServiceAction.Start or ServiceAction.Replace)),
            .. containers
                .Select(group => group.Key)
                .Where(name => farm.Services.All(service => service.Name != name))
                .Order(StringComparer.Ordinal)
                .Select(name => new PlannedChange(name, ServiceAction.Remove, [])),
        ];
    }

    private static PlannedChange? Of(
        Service service,
        ServiceVersion wanted,
        IReadOnlyList<RunningContainer> containers,
        IReadOnlyList<string> notTaken
    )
    {
        if (service.IsJob)
            return containers.Any(container => container.Version.Digest == wanted.Digest)
                ? null
                : new(service.Name, ServiceAction.RunAgain, Because(wanted, containers));
        var up = containers.Where(container => container.IsUp).ToList();
        if (up.Count < service.Replicas.Min && !up.Exists(container => container.Version.Digest != wanted.Digest))
            return new(service.Name, ServiceAction.Start, up.Count == 0 ? [] : ["replicas"]);
        if (up.Exists(container => container.Version.Digest != wanted.Digest))
            return new(service.Name, ReplacementOf(service), Because(wanted, up));
        return notTaken.Count > 0 ? new(service.Name, ServiceAction.Reload, notTaken) : null;
    }

    private static ServiceAction ReplacementOf(Service service) =>
        service switch
        {
            { ServesVisitors: false } => ServiceAction.Replace,
            { Kind: ServiceKind.Stateful } => ServiceAction.InTurn,
            { Ports.Count: > 0 } => ServiceAction.ReplaceEdge,
            _ => ServiceAction.StartFirst,
        };

    private static IReadOnlyList<string> Because(ServiceVersion wanted, IReadOnlyList<RunningContainer> containers)
    {
        if (containers.FirstOrDefault(container => container.Version.Digest != wanted.Digest)?.Version is not { } version)
            return [];
        var files = wanted
            .Files.Except(version.Files)
            .Select(file => Path.GetFileNameWithoutExtension(file).Split('.')[0] + Path.GetExtension(file))
            .Order(StringComparer.Ordinal)
            .ToList();
        IReadOnlyList<string> because = [.. version.Image == wanted.Image ? Array.Empty<string>() : ["image"], .. files];
        return because.Count > 0 ? because : ["settings"];
    }
}

/// <summary>Identifies the version of a service: its definition, image and files.</summary>
/// <param name="Digest">Hash of its whole definition in the manifest.</param>
/// <param name="Files">Names of the files that it cannot reload, each with a hash of its content.</param>
public sealed record ServiceVersion(string Digest, string Image, IReadOnlyList<string> Files);

/// <summary>An existing container of the farm.</summary>
/// <param name="IsUp">True when it runs, or is being restarted by the engine.</param>
public sealed record RunningContainer(string Service, ServiceVersion Version, bool IsUp);
