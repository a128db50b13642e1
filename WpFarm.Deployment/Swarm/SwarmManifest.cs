using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Swarm;

/// <summary>A farm as stacks of a Docker swarm: model in, YAML out.</summary>
/// <remarks>
/// A stack knows no dependencies between services: everything in a farm waits for what it needs and tries again. Nor has it
/// <c>no-new-privileges</c>; all capabilities are dropped, and roots are read-only, as on compose.
/// </remarks>
public static class SwarmManifest
{
    /// <summary>Docker 20.10 and newer.</summary>
    private const string Format = "3.9";

    /// <summary>The version of each secret when nobody says another: <c>SITES_KEY_VERSION</c>.</summary>
    private const string FirstVersion = "1";

    /// <summary>How long a new container must live before its update counts as good.</summary>
    private static readonly TimeSpan s_watch = TimeSpan.FromSeconds(20);

    /// <param name="running">How many containers those services have now that follow the load; what is not in it begins with the fewest.</param>
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

    /// <summary>A secret's name in the swarm, where it cannot be changed: another value is another name. At most 64 characters.</summary>
    public static string SecretName(string project, string secret, string version) => $"{project}_{secret}_{version}";

    /// <summary>The environment variable that says which version of a secret a stack takes.</summary>
    public static string VersionVariable(string secret) => $"{secret.ToUpperInvariant().Replace('-', '_')}_VERSION";

    /// <summary>Full name of each service of a stack, and the hash of its definition.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Digests(Farm farm, Stack stack, string project, ImageTags images) =>
        farm
            .Services.Where(s => Stacks.Of(s.Layer) == stack)
            .Select(s => KeyValuePair.Create(Stacks.NameOf(project, s), ComposeYaml.Digest(Service(s, farm, project, images))));

    private static ComposeService Service(Service service, Farm farm, string project, ImageTags images) =>
        new()
        {
            Image = images.Reference(service.Image),
            Entrypoint = service.Entrypoint is { } program ? [program] : null,
            Command = service.Command.Select(ComposeYaml.Escape).ToList(),
            User = service.User,
            ReadOnly = service.ReadOnlyRoot,
            CapDrop = ["ALL"],
            CapAdd = service.Capabilities,
            Sysctls = service.Sysctls,
            Environment = Environment(service, project).ToDictionary(e => e.Key, e => ComposeYaml.Escape(e.Value)),
            Configs = service
                .Files.Select(f => new ComposeGrant(RenderedFiles.ConfigName(f), f.Path) { Mode = f.Executable ? 0x16D : null })
                .ToList(), // 0555; 0444 by itself
            Secrets = service.Secrets.Select(s => new ComposeGrant(s, s)).ToList(),
            Volumes =
            [
                .. service.Mounts.Select(m => new ComposeMount(m.HostPath ? "bind" : "volume", m.Source, m.Target)
                {
                    ReadOnly = m.ReadOnly,
                }),
                .. service.Tmpfs.Select(t => new ComposeMount("tmpfs", null, t.Path) { Tmpfs = new(t.Size.Bytes) }),
            ],
            Networks = service.Networks.ToDictionary(n => n.Network, n => new ComposeAttachment { Aliases = n.Aliases }),
            Ports = service.Ports.Where(IsForVisitors).Select(p => new ComposePort(p.Container, p.Host) { Mode = "host" }).ToList(),
            Healthcheck = service.Health is { } health ? ComposeManifest.Health(health) : null,
            Deploy = Deploy(service, farm, project),
            StopGracePeriod = ComposeYaml.Duration(service.StopGrace),
            Logging = ComposeManifest.Logging,
            Labels = new Dictionary<string, string>
            {
                [ComposeLabels.Farm] = project,
                [ComposeLabels.Layer] = service.Layer.ToString(),
                [ComposeLabels.Kind] = service.Kind.ToString(),
            },
        };

    /// <summary>An Orchestrator that scales is told which services are its farm's: its own engine may be another than the one it asks.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Environment(Service service, string project) =>
        service.Scales ? service.Environment.Append(new("Engine__Swarm", project)) : service.Environment;

    private static ComposeDeploy Deploy(Service service, Farm farm, string project) =>
        new(ComposeManifest.Resources(service.Limits))
        {
            Mode = service.Placement.Global ? "global" : "replicated",
            Replicas = service.Placement.Global ? null : service.Replicas.Min,
            // Names lead to containers, not to a virtual address: the balancers see each of them, no connection is cut for being
            // idle (moby/moby#31208), and the kernel needs no IPVS.
            EndpointMode = "dnsrr",
            Placement = new()
            {
                Constraints =
                [
                    .. NodeLabels.WantedBy(service, farm).Select(label => $"node.labels.{label} == true"),
                    .. service.Placement.Manager ? ["node.role == manager"] : Array.Empty<string>(),
                ],
                // Racks or data centres, where nodes carry the label.
                Preferences = service.Replicas.Min > 1 && !service.Placement.Global ? [new("node.labels.zone")] : [],
                MaxReplicasPerNode = service.Placement.MaxPerNode,
            },
            // A job that has ended would look like a container that died.
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
    /// One at a time. The new container starts first where both can be there at once: not with data, not with a port of the node,
    /// and not where every node that may have one has one.
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
    /// Of administration nothing is published: a swarm publishes on every address of a node or not at all.
    /// </summary>
    private static bool IsForVisitors(PublishedPort port) => !port.LoopbackOnly;

    /// <summary>The first stack that uses a network makes it; the others find it.</summary>
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

    /// <summary>With what it is in a label: comparing that with what runs tells what a deployment would change.</summary>
    private static ComposeService WithDigest(ComposeService service) =>
        service with
        {
            Deploy = service.Deploy with
            {
                Labels = new Dictionary<string, string>(service.Deploy.Labels!) { [ComposeLabels.Digest] = ComposeYaml.Digest(service) },
            },
        };

    /// <summary>How many it happens to have is no part of what it is.</summary>
    private static ComposeService WithReplicas(ComposeService written, Service service, IReadOnlyDictionary<string, int>? running) =>
        service.FollowsLoad && running?.TryGetValue(service.Name, out var count) is true
            ? written with
            {
                Deploy = written.Deploy with { Replicas = Math.Clamp(count, service.Replicas.Min, service.Replicas.Max) },
            }
            : written;
}
