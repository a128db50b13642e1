using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Swarm;

/// <summary>Renders a farm as stacks of a Docker swarm: model in, YAML out.</summary>
/// <remarks>
/// A stack has no dependencies between services, so every service of a farm retries until what it needs is there. Nor does a stack support
/// <c>no-new-privileges</c>: the first-party images see to it themselves (<see cref="Image.FirstParty.Unprivileged"/>).
/// </remarks>
public static class SwarmManifest
{
    /// <summary>The stack format of Docker 20.10 and newer.</summary>
    private const string Format = "3.9";

    /// <summary>Version of a secret when its variable (for example <c>SITES_KEY_VERSION</c>) is not set.</summary>
    private const string FirstVersion = "1";

    /// <summary>How long a new container must run before its update counts as successful.</summary>
    private static readonly TimeSpan s_watch = TimeSpan.FromSeconds(20);

    /// <param name="running">
    /// Present number of containers of each service that follows the load. A service that is not in it gets the minimum.
    /// </param>
    public static string Write(Farm farm, Stack stack, string project, ImageTags images, IReadOnlyDictionary<string, int>? running = null)
    {
        var services = farm.Services.Where(s => Stacks.Of(s.Layer) == stack).ToList();
        var labels = new Dictionary<string, string> { [ComposeLabels.Farm] = project };
        var networks = farm.Networks.Where(network => services.Exists(s => s.IsOn(network.Name)));
        var volumes = farm.Volumes.Where(volume => services.Exists(s => s.Mounts.Any(m => !m.HostPath && m.Source == volume.Name)));
        var files = services
            .SelectMany(s => s.Files)
            .DistinctBy(RenderedFiles.ConfigName)
            .OrderBy(RenderedFiles.ConfigName, StringComparer.Ordinal);
        var secrets = farm.Secrets.Where(secret => services.Exists(s => s.Secrets.Contains(secret.Name)));
        return ComposeYaml.Write(
            new ComposeFile
            {
                Version = Format,
                Services = services.ToDictionary(s => s.Name, s => WithReplicas(WithDigest(Service(s, farm, project, images)), s, running)),
                Networks = networks.ToDictionary(n => n.Name, n => Network(n, farm, stack, project, labels)),
                Volumes = volumes.ToDictionary(
                    v => v.Name,
                    v => new ComposeVolume
                    {
                        Driver = v.DriverOptions.Count > 0 ? "local" : null,
                        DriverOpts = v.DriverOptions,
                        Labels = labels,
                    }
                ),
                Configs = files.ToDictionary(RenderedFiles.ConfigName, f => new ComposeSource
                {
                    Name = $"{project}_{RenderedFiles.ConfigName(f)}",
                    File = "./" + RenderedFiles.RelativePath(f),
                    Labels = labels,
                }),
                Secrets = secrets.ToDictionary(
                    s => s.Name,
                    s => new ComposeSource
                    {
                        External = true,
                        Name = SecretName(project, s.Name, $"${{{VersionVariable(s.Name)}:-{FirstVersion}}}"),
                    }
                ),
            }
        );
    }

    /// <summary>
    /// A secret's name in the swarm, at most 64 characters. A swarm's secret cannot be changed, so each value has a name of its own.
    /// </summary>
    public static string SecretName(string project, string secret, string version) => $"{project}_{secret}_{version}";

    /// <summary>The environment variable that selects the version of a secret for a stack.</summary>
    public static string VersionVariable(string secret) => $"{secret.ToUpperInvariant().Replace('-', '_')}_VERSION";

    /// <summary>Full name of each service of a stack, with the hash of its definition.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Digests(Farm farm, Stack stack, string project, ImageTags images) =>
        farm
            .Services.Where(s => Stacks.Of(s.Layer) == stack)
            .Select(s => KeyValuePair.Create(Stacks.NameOf(project, s), ComposeYaml.Digest(Service(s, farm, project, images))));

    private static ComposeService Service(Service service, Farm farm, string project, ImageTags images) =>
        ComposeManifest.Common(service, images, new Dictionary<string, string> { [ComposeLabels.Farm] = project }) with
        {
            Environment = ComposeManifest.Environment(service, service.Project?.OnSwarm, project),
            Configs = service
                .Files.Select(f => new ComposeGrant(RenderedFiles.ConfigName(f), f.Path) { Mode = f.Executable ? 0x16D : null })
                .ToList(), // 0555; the default is 0444
            Volumes =
            [
                .. service.Mounts.Select(ComposeManifest.Mount),
                .. service.Tmpfs.Select(t => new ComposeMount("tmpfs", null, t.Path) { Tmpfs = new(t.Size.Bytes) }),
            ],
            Ports = service.Ports.Where(IsForVisitors).Select(p => new ComposePort(p.Container, p.Host) { Mode = "host" }).ToList(),
            Deploy = Deploy(service, farm, project),
        };

    private static ComposeDeploy Deploy(Service service, Farm farm, string project) =>
        new(ComposeManifest.Resources(service.Limits))
        {
            Mode = service.Placement.Global ? "global" : "replicated",
            Replicas = service.Placement.Global ? null : service.Replicas.Min,
            // Names resolve to containers, not to a virtual address: the balancers see each container, no idle connection is cut
            // (moby/moby#31208), and the kernel needs no IPVS.
            EndpointMode = "dnsrr",
            Placement = new()
            {
                Constraints =
                [
                    .. NodeLabels.WantedBy(service, farm).Select(label => $"node.labels.{label} == true"),
                    .. service.Placement.Manager ? ["node.role == manager"] : Array.Empty<string>(),
                ],
                // Spreads over racks or data centres, where nodes carry this label.
                Preferences = service.Replicas.Min > 1 && !service.Placement.Global ? [new("node.labels.zone")] : [],
                MaxReplicasPerNode = service.Placement.MaxPerNode,
            },
            // The update monitor would take a job that has ended for a container that died.
            UpdateConfig = service.IsJob
                ? Update(service) with
                {
                    FailureAction = "continue",
                }
                : Update(service) with
                {
                    Delay = "5s",
                    Monitor = ComposeYaml.Duration(s_watch),
                    FailureAction = "rollback",
                },
            RollbackConfig = Update(service) with { FailureAction = "pause" },
            RestartPolicy = Restart(service),
            Labels = new Dictionary<string, string> { [ComposeLabels.Farm] = project },
        };

    /// <summary>
    /// Updates one container at a time. The new container starts first where both can run at once: not for a service with data, not for one
    /// that publishes a port of the node, and not where each eligible node runs at most one.
    /// </summary>
    private static ComposeUpdate Update(Service service) =>
        new()
        {
            Parallelism = 1,
            Order =
                service.Kind is ServiceKind.Stateless
                && !service.Placement.Global
                && service.Placement.MaxPerNode != 1
                && !service.Ports.Any(IsForVisitors)
                    ? "start-first"
                    : "stop-first",
            FailureAction = "pause",
        };

    private static ComposeRestart Restart(Service service) =>
        service switch
        {
            { IsJob: true, RepeatAfter: { } pause } => new("any", ComposeYaml.Duration(pause)),
            { IsJob: true } => new("on-failure", "5s"),
            _ => new("any", "2s"),
        };

    /// <summary>
    /// False for administration ports, which are not published: a swarm publishes on every address of a node or not at all.
    /// </summary>
    private static bool IsForVisitors(PublishedPort port) => !port.LoopbackOnly;

    /// <summary>The first stack that uses a network creates it; in the others it is external.</summary>
    private static ComposeNetwork Network(
        Network network,
        Farm farm,
        Stack stack,
        string project,
        IReadOnlyDictionary<string, string> labels
    )
    {
        var owner = farm.Services.Where(s => s.IsOn(network.Name)).Min(s => Stacks.Of(s.Layer));
        var name = $"{project}_{network.Name}";
        return owner != stack
            ? new() { Name = name, External = true }
            : new()
            {
                Name = name,
                Driver = "overlay",
                DriverOpts = farm.Options.Swarm.EncryptNetworks ? new Dictionary<string, string> { ["encrypted"] = "true" } : null,
                Internal = network.Internal,
                Labels = labels,
            };
    }

    /// <summary>
    /// Adds a label with the hash of the service's definition. A deployment compares it with the running service's label.
    /// </summary>
    private static ComposeService WithDigest(ComposeService service) =>
        service with
        {
            Deploy = service.Deploy with
            {
                Labels = new Dictionary<string, string>(service.Deploy.Labels!) { [ComposeLabels.Digest] = ComposeYaml.Digest(service) },
            },
        };

    /// <summary>Sets the present number of containers. It is set after the digest, so that it does not count as a change.</summary>
    private static ComposeService WithReplicas(ComposeService written, Service service, IReadOnlyDictionary<string, int>? running) =>
        service.FollowsLoad && running?.TryGetValue(service.Name, out var count) is true
            ? written with
            {
                Deploy = written.Deploy with { Replicas = Math.Clamp(count, service.Replicas.Min, service.Replicas.Max) },
            }
            : written;
}
