using System.Globalization;
using Docker.DotNet;
using WpFarm.Deployment.Instance;
using WpFarm.Topology;

namespace WpFarm.Deployment.Machine;

/// <summary>Examines the machine: what is there, what is missing, and what cannot run here and why. Changes nothing.</summary>
public static class Doctor
{
    private static readonly ByteSize s_memoryWanted = ByteSize.GB(4);
    private static readonly ByteSize s_diskWanted = ByteSize.GB(5);

    /// <param name="farm">The farm whose ports and images are checked.</param>
    /// <param name="heldPorts">Ports that this farm's own containers use.</param>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Farm farm, IReadOnlySet<int> heldPorts, CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        var findings = new List<Finding>();
        await DockerAsync(engine, findings, cancel);
        await PluginsAsync(findings, cancel);
        Memory(findings);
        Ports(farm, heldPorts, findings);
        KernelFeatures(findings);
        await ImagesAsync(engine, farm, findings, cancel);
        return findings;
    }

    private static async Task DockerAsync(DockerClient engine, List<Finding> findings, CancellationToken cancel)
    {
        if (await Engine.VersionOfAsync(engine, cancel) is not { } version)
        {
            findings.Add(
                new(
                    "docker engine",
                    CheckResult.Missing,
                    DebianPackages.MayInstall
                        ? "does not answer; ./farm up installs and starts it"
                        : "does not answer; install docker.io and start it"
                )
            );
            return;
        }

        var old = Version.TryParse(version.APIVersion, out var api) && api < Engine.OldestApi;
        findings.Add(
            new(
                "docker engine",
                old ? CheckResult.Bad : CheckResult.Good,
                $"{version.Version}, API {version.APIVersion}{(old ? "; 20.10 or newer is needed" : "")}"
            )
        );
        var info = await engine.System.GetSystemInfoAsync(cancel);
        findings.Add(new("cgroups", CheckResult.Good, $"version {info.CgroupVersion}, driver {info.CgroupDriver}"));
        findings.Add(new("storage driver", CheckResult.Good, info.Driver));
        if (Directory.Exists(info.DockerRootDir))
        {
            var free = new ByteSize(new DriveInfo(info.DockerRootDir).AvailableFreeSpace);
            findings.Add(
                new(
                    "disk",
                    free >= s_diskWanted ? CheckResult.Good : CheckResult.Bad,
                    $"{free.Megabytes} MB free at {info.DockerRootDir}, {s_diskWanted.Megabytes} MB needed"
                )
            );
        }
    }

    private static async Task PluginsAsync(List<Finding> findings, CancellationToken cancel)
    {
        foreach (var plugin in new[] { "compose", "buildx" })
            findings.Add(
                await DockerPlugins.VersionOfAsync(plugin, cancel) is { } version
                    ? new($"docker {plugin}", CheckResult.Good, version)
                    : new(
                        $"docker {plugin}",
                        CheckResult.Missing,
                        DebianPackages.MayInstall ? "./farm up fetches it" : "install the plug-in"
                    )
            );
    }

    /// <summary>Parses <c>MemAvailable:   12345678 kB</c>.</summary>
    private static void Memory(List<Finding> findings)
    {
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        var available = new ByteSize(
            long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10
        );
        findings.Add(
            new(
                "memory",
                available >= s_memoryWanted ? CheckResult.Good : CheckResult.Bad,
                $"{available.Megabytes} MB available, {s_memoryWanted.Megabytes} MB wanted"
            )
        );
    }

    private static void Ports(Farm farm, IReadOnlySet<int> held, List<Finding> findings)
    {
        foreach (var (host, port) in farm.Services.SelectMany(s => s.HostPorts))
            findings.Add(
                held.Contains(host) ? new($"port {host}", CheckResult.Good, $"{port.Purpose}: used by this farm")
                : Preflight.IsFree(host, port.LoopbackOnly) ? new($"port {host}", CheckResult.Good, $"{port.Purpose}: free")
                : new(
                    $"port {host}",
                    CheckResult.Bad,
                    $"{port.Purpose}: in use; set {FarmPorts.KeyOf(farm.Options, port.Host)} or run ./farm up --free-ports"
                )
            );
    }

    /// <summary>Checks kernel features that a single machine does without, but a swarm, NFS or GlusterFS needs.</summary>
    private static void KernelFeatures(List<Finding> findings)
    {
        var filesystems = File.ReadAllText("/proc/filesystems");
        Feature("overlayfs", filesystems.Contains("overlay", StringComparison.Ordinal), "images cannot be stored efficiently");
        Feature("FUSE", File.Exists("/dev/fuse"), "no GlusterFS");
        Feature("NFS client", filesystems.Contains("nfs4", StringComparison.Ordinal), "storage.uploads \"nfs\" cannot be mounted here");
        Feature("IPVS", Directory.Exists("/proc/sys/net/ipv4/vs"), "no swarm routing mesh; the farm does not use it");

        void Feature(string name, bool there, string otherwise) =>
            findings.Add(new(name, there ? CheckResult.Good : CheckResult.Absent, there ? "there" : $"not there: {otherwise}"));
    }

    private static async Task ImagesAsync(DockerClient engine, Farm farm, List<Finding> findings, CancellationToken cancel)
    {
        if (await Engine.VersionOfAsync(engine, cancel) is null)
            return;
        foreach (var service in farm.Services.Where(s => s.Image is Image.Upstream))
        {
            try
            {
                await engine.Images.InspectImageAsync(((Image.Upstream)service.Image).Reference, cancel);
                findings.Add(new(service.Name, CheckResult.Good, $"{service.Image} is here"));
            }
            catch (DockerImageNotFoundException)
            {
                findings.Add(
                    new(
                        service.Name,
                        CheckResult.Absent,
                        $"{service.Image} is not here: ./farm up pulls it, or leaves the service out where the registry cannot be reached"
                    )
                );
            }
        }
    }
}

/// <summary>The result of one check of the machine.</summary>
public sealed record Finding(string Subject, CheckResult Verdict, string Detail);

public enum CheckResult
{
    Good,

    /// <summary>Missing, and the farm works without it.</summary>
    Absent,

    /// <summary>Needed and missing; <c>./farm up</c> installs it, or says how to.</summary>
    Missing,

    /// <summary>Prevents the farm from starting.</summary>
    Bad,
}
