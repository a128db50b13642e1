using System.Globalization;
using WpFarm.Deployment.Images;
using WpFarm.Topology;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace WpFarm.Deployment.Compose;

/// <summary>A farm as a Compose file: model in, YAML out. Paths in it are relative to the file.</summary>
public static class ComposeManifest
{
    private static readonly ISerializer s_yaml = new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitDefaults | DefaultValuesHandling.OmitEmptyCollections)
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .WithIndentedSequences()
        .DisableAliases()
        .Build();

    /// <param name="secretsFingerprint">Labels the volumes, so that other secrets are not put to their data.</param>
    public static string Write(Farm farm, string project, ImageTags images, string secretsFingerprint)
    {
        var labels = new Dictionary<string, string> { [ComposeLabels.Farm] = project };
        var volumeLabels = new Dictionary<string, string>(labels) { [ComposeLabels.Secrets] = secretsFingerprint };
        var files = farm.Services.SelectMany(s => s.Files).DistinctBy(RenderedFiles.ConfigName).OrderBy(RenderedFiles.ConfigName, StringComparer.Ordinal);
        return s_yaml.Serialize(new ComposeFile
        {
            Name = project,
            Services = farm.Services.ToDictionary(s => s.Name, s => Service(s, images, labels)),
            Networks = farm.Networks.ToDictionary(n => n.Name, n => new ComposeNetwork { Internal = n.Internal, Labels = labels }),
            Volumes = farm.Volumes.ToDictionary(v => v.Name, v => Volume(v, volumeLabels)),
            Configs = files.ToDictionary(RenderedFiles.ConfigName, f => new ComposeSource("./" + RenderedFiles.RelativePath(f))),
            Secrets = farm.Secrets.ToDictionary(s => s.Name, s => new ComposeSource($"./secrets/{s.Name}")),
        });
    }

    private static ComposeService Service(Service service, ImageTags images, IReadOnlyDictionary<string, string> labels) => new()
    {
        Image = images.Reference(service.Image),
        // First-party images are built, and upstream ones were pulled before: compose itself never goes out.
        PullPolicy = "never",
        Command = service.Command.Select(Escape).ToList(),
        User = service.User,
        ReadOnly = service.ReadOnlyRoot,
        CapDrop = ["ALL"],
        CapAdd = service.Capabilities,
        SecurityOpt = ["no-new-privileges:true"],
        Environment = service.Environment.ToDictionary(e => e.Key, e => Escape(e.Value)),
        Configs = service.Files.Select(f => new ComposeGrant(RenderedFiles.ConfigName(f), f.Path)).ToList(),
        Secrets = service.Secrets.Select(s => new ComposeGrant(s, s)).ToList(),
        Volumes = service.Mounts.Select(m => new ComposeMount(m.HostPath ? "bind" : "volume", m.Source, m.Target) { ReadOnly = m.ReadOnly }).ToList(),
        Tmpfs = service.Tmpfs.Select(Tmpfs).ToList(),
        Networks = service.Networks.ToDictionary(n => n.Network, n => new ComposeAttachment { Aliases = n.Aliases }),
        Ports = service.Ports.Select(p => Port(p, service.Replicas)).ToList(),
        Healthcheck = service.Health is { } health ? Health(health) : null,
        DependsOn = service.DependsOn.ToDictionary(d => d.Service, d => new ComposeDependency(Condition(d.Condition))),
        Deploy = new ComposeDeploy(
            service.Replicas.Min,
            new ComposeResources(
                new ComposeLimits(service.Limits.Cpus.ToString(CultureInfo.InvariantCulture), service.Limits.Memory.ToString(), service.Limits.Pids),
                new ComposeReservations(service.Limits.Reservation.ToString()))),
        StopGracePeriod = Duration(service.StopGrace),
        Restart = service.IsJob ? "no" : "unless-stopped",
        Logging = new ComposeLogging("json-file", new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "3" }),
        Labels = new Dictionary<string, string>(labels)
        {
            [ComposeLabels.Layer] = service.Layer.ToString(),
            [ComposeLabels.Kind] = service.Kind.ToString(),
        },
    };

    private static ComposeVolume Volume(Volume volume, IReadOnlyDictionary<string, string> labels) => new()
    {
        Driver = volume.DriverOptions.Count > 0 ? "local" : null,
        DriverOpts = volume.DriverOptions,
        Labels = labels,
    };

    private static ComposePort Port(PublishedPort port, Replicas replicas) =>
        new(port.Container, replicas.Max > 1 ? $"{port.Host}-{port.Host + replicas.Max - 1}" : port.Host.ToString(CultureInfo.InvariantCulture))
        {
            HostIp = port.LoopbackOnly ? "127.0.0.1" : null,
        };

    private static ComposeHealthcheck Health(HealthCheck health) => new()
    {
        Test = ["CMD", .. health.Command.Select(Escape)],
        Interval = Duration(health.Interval),
        Timeout = Duration(health.Timeout),
        Retries = health.Retries,
        StartPeriod = Duration(health.StartPeriod),
    };

    private static string Condition(DependencyCondition condition) => condition switch
    {
        DependencyCondition.Healthy => "service_healthy",
        DependencyCondition.Completed => "service_completed_successfully",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    /// <summary>As <c>docker run --tmpfs</c> takes it, too.</summary>
    internal static string Tmpfs(Tmpfs tmpfs) =>
        $"{tmpfs.Path}:size={tmpfs.Size.Bytes},uid={tmpfs.Uid},gid={tmpfs.Gid},mode=0755";

    private static string Duration(TimeSpan time) => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";

    /// <summary>Compose substitutes <c>$NAME</c> in every string; ours mean what they say.</summary>
    private static string Escape(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
