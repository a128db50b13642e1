using System.Globalization;
using WpFarm.Deployment.Compose.Changing;
using WpFarm.Deployment.Images;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>Renders a farm as a Compose file: model in, YAML out. Paths in it are relative to the file.</summary>
public static class ComposeManifest
{
    /// <param name="secretsFingerprint">
    /// Becomes a label of the volumes, so that their data is not used with other secrets. Null when the secrets are not known here.
    /// </param>
    /// <param name="forOtherMachines">The file is for other machines: images are pulled, and environment variables set the ports.</param>
    public static string Write(Farm farm, string project, ImageTags images, string? secretsFingerprint, bool forOtherMachines = false)
    {
        var labels = new Dictionary<string, string> { [ComposeLabels.Farm] = project };
        var volumeLabels = secretsFingerprint is null
            ? labels
            : new Dictionary<string, string>(labels) { [ComposeLabels.Secrets] = secretsFingerprint };
        var files = farm
            .Services.SelectMany(s => forOtherMachines ? s.Files : LiveFiles.FixedOf(s))
            .DistinctBy(RenderedFiles.ConfigName)
            .OrderBy(RenderedFiles.ConfigName, StringComparer.Ordinal);
        return ComposeYaml.Write(
            new ComposeFile
            {
                Name = project,
                Services = farm.Services.ToDictionary(
                    s => s.Name,
                    s => forOtherMachines ? Service(s, images, labels) : LocalService(s, images, labels)
                ),
                Networks = farm.Networks.ToDictionary(n => n.Name, n => new ComposeNetwork { Internal = n.Internal, Labels = labels }),
                Volumes = farm.Volumes.ToDictionary(v => v.Name, v => Volume(v, volumeLabels)),
                Configs = files.ToDictionary(RenderedFiles.ConfigName, f => new ComposeSource
                {
                    File = "./" + RenderedFiles.RelativePath(f),
                }),
                Secrets = farm.Secrets.ToDictionary(s => s.Name, s => new ComposeSource { File = $"./secrets/{s.Name}" }),
            }
        );
    }

    /// <summary>
    /// The version of each service on this machine. Its containers carry the digest; one with another digest must be replaced.
    /// </summary>
    public static IReadOnlyDictionary<string, ServiceVersion> Versions(Farm farm, string project, ImageTags images)
    {
        var labels = new Dictionary<string, string> { [ComposeLabels.Farm] = project };
        return farm.Services.ToDictionary(
            s => s.Name,
            s => new ServiceVersion(
                LocalService(s, images, labels).Labels[ComposeLabels.Digest],
                images.Reference(s.Image),
                [.. LiveFiles.FixedOf(s).Select(file => Path.GetFileName(RenderedFiles.RelativePath(file)))]
            )
        );
    }

    /// <summary>
    /// A service on this machine. Files that it can reload are in a mounted folder. All images are built or pulled before, so that compose
    /// itself never contacts a registry.
    /// </summary>
    private static ComposeService LocalService(Service service, ImageTags images, IReadOnlyDictionary<string, string> labels)
    {
        var written = Service(service with { Files = [.. LiveFiles.FixedOf(service)] }, images, labels, forOtherMachines: false) with
        {
            PullPolicy = "never",
        };
        if (service.Reload is { } reload)
            written = written with
            {
                Volumes =
                [
                    .. written.Volumes!,
                    new ComposeMount("bind", $"./{LiveFiles.RelativeFolder(service)}", reload.Folder) { ReadOnly = true },
                ],
            };
        var own = new Dictionary<string, string>(written.Labels) { [ComposeLabels.Digest] = DigestOf(written) };
        if (service.QuickStopSignal is { } signal)
            own[ComposeLabels.QuickStop] = signal;
        return written with { Labels = own };
    }

    /// <summary>
    /// Hash of a service's definition without dependencies and replica count: a change of those does not change a container.
    /// </summary>
    private static string DigestOf(ComposeService service) =>
        ComposeYaml.Digest(service with { DependsOn = null, Deploy = service.Deploy with { Replicas = null } });

    private static ComposeService Service(
        Service service,
        ImageTags images,
        IReadOnlyDictionary<string, string> labels,
        bool forOtherMachines = true
    ) =>
        Common(service, images, labels) with
        {
            SecurityOpt = ["no-new-privileges:true"],
            Environment = Environment(service, service.Project?.OnEngine, labels[ComposeLabels.Farm]),
            Configs = service.Files.Select(f => new ComposeGrant(RenderedFiles.ConfigName(f), f.Path)).ToList(),
            Volumes = service.Mounts.Select(Mount).ToList(),
            Tmpfs = service.Tmpfs.Select(Tmpfs).ToList(),
            Ports = service.Ports.Select(p => Port(p, service.Replicas, forOtherMachines)).ToList(),
            DependsOn = service.DependsOn.ToDictionary(d => d.Service, d => new ComposeDependency(Condition(d.Condition))),
            Deploy = new ComposeDeploy(Resources(service.Limits)) { Replicas = service.Replicas.Min },
            Restart = service.IsJob ? "no" : "unless-stopped",
        };

    /// <summary>What a service's definition has in common on an engine and on a swarm.</summary>
    internal static ComposeService Common(Service service, ImageTags images, IReadOnlyDictionary<string, string> labels) =>
        new()
        {
            Image = images.Reference(service.Image),
            Entrypoint = service.EntrypointWords,
            Command = service.Command.Select(ComposeYaml.Escape).ToList(),
            User = service.User,
            ReadOnly = service.ReadOnlyRoot,
            CapDrop = ["ALL"],
            CapAdd = service.Capabilities.Select(capability => capability.Name).ToList(),
            Sysctls = service.Sysctls,
            Secrets = service.Secrets.Select(s => new ComposeGrant(s, TargetOf(service, s))).ToList(),
            Networks = service.Networks.ToDictionary(n => n.Network, n => new ComposeAttachment { Aliases = n.Aliases }),
            Healthcheck = service.Health is { } health ? Health(health) : null,
            Deploy = new ComposeDeploy(Resources(service.Limits)),
            StopGracePeriod = ComposeYaml.Duration(service.StopGrace),
            Logging = Logging,
            Labels = new Dictionary<string, string>(labels)
            {
                [ComposeLabels.Layer] = service.Layer.ToString(),
                [ComposeLabels.Kind] = service.Kind.ToString(),
            },
        };

    /// <param name="projectVariable">The variable that gets <paramref name="project"/>. Null: none does.</param>
    internal static IReadOnlyDictionary<string, string> Environment(Service service, string? projectVariable, string project) =>
        (projectVariable is null ? service.Environment : service.Environment.Append(new(projectVariable, project))).ToDictionary(
            e => e.Key,
            e => ComposeYaml.Escape(e.Value)
        );

    internal static ComposeMount Mount(Mount mount) =>
        new(mount.HostPath ? "bind" : "volume", mount.Source, mount.Target) { ReadOnly = mount.ReadOnly };

    private static ComposeVolume Volume(Volume volume, IReadOnlyDictionary<string, string> labels) =>
        new()
        {
            Driver = volume.DriverOptions.Count > 0 ? "local" : null,
            DriverOpts = volume.DriverOptions,
            Labels = labels,
        };

    /// <summary>Log rotation: a container keeps its last 30 MB of logs.</summary>
    private static ComposeLogging Logging { get; } =
        new("json-file", new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "3" });

    internal static ComposeResources Resources(ResourceLimits limits) =>
        new(
            new ComposeLimits(limits.Cpus.ToString(CultureInfo.InvariantCulture), limits.Memory.ToString(), limits.Pids),
            new ComposeReservations(limits.Reservation.ToString())
        );

    /// <summary>The environment variable that sets a published port: <c>SITES_PORT</c>, <c>ORCHESTRATOR_API_PORT</c>.</summary>
    internal static string PortVariable(PublishedPort port) =>
        $"{port.Purpose.ToUpperInvariant().Replace(' ', '_')}{(port.Scheme == "https" ? "_HTTPS" : "")}_PORT";

    private static ComposePort Port(PublishedPort port, Replicas replicas, bool forOtherMachines)
    {
        var range = replicas.Max > 1 ? $"{port.Host}-{port.Host + replicas.Max - 1}" : port.Host.ToString(CultureInfo.InvariantCulture);
        return new(port.Container, forOtherMachines ? $"${{{PortVariable(port)}:-{range}}}" : range)
        {
            HostIp = port.LoopbackOnly ? "127.0.0.1" : null,
        };
    }

    private static ComposeHealthcheck Health(HealthCheck health) =>
        new()
        {
            Test = ["CMD", .. health.Command.Select(ComposeYaml.Escape)],
            Interval = ComposeYaml.Duration(health.Interval),
            Timeout = ComposeYaml.Duration(health.Timeout),
            Retries = health.Retries,
            StartPeriod = ComposeYaml.Duration(health.StartPeriod),
        };

    private static string Condition(DependencyCondition condition) =>
        condition switch
        {
            DependencyCondition.Healthy => "service_healthy",
            DependencyCondition.Completed => "service_completed_successfully",
            _ => throw new ArgumentOutOfRangeException(nameof(condition)),
        };

    /// <summary>A name alone is a file of the engine's own folder.</summary>
    private static string TargetOf(Service service, string secret) =>
        service.SecretsFolder == Secret.Folder ? secret : $"{service.SecretsFolder}/{secret}";

    /// <summary>A tmpfs mount in the format that <c>docker run --tmpfs</c> accepts, too.</summary>
    public static string Tmpfs(Tmpfs tmpfs) => $"{tmpfs.Path}:size={tmpfs.Size.Bytes},uid={tmpfs.Uid},gid={tmpfs.Gid},mode=0755";
}
