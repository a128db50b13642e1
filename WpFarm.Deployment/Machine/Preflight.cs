using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Deployment.Machine;

/// <summary>Finds everything that would prevent a farm from starting, all at once, before anything is changed.</summary>
internal static class Preflight
{
    /// <summary>4 GB for first-party images, 1 GB for a farm's empty volumes and logs.</summary>
    private static readonly ByteSize s_diskNeeded = ByteSize.GB(5);

    public static async Task<IReadOnlyList<string>> CheckAsync(
        DockerClient engine,
        ComposeHost host,
        Farm farm,
        string? secretsFingerprint,
        FarmInstance instance,
        CancellationToken cancel
    ) =>
        [
            .. await PortsAsync(host, farm, cancel),
            .. await VolumesAsync(host, secretsFingerprint, instance, cancel),
            .. await DiskAsync(engine, cancel),
            .. new SecretStore(instance.SecretsFolder).Unset(farm, instance.Name),
        ];

    /// <summary>True when a program can listen on the port right now.</summary>
    public static bool IsFree(int port, bool loopbackOnly)
    {
        using var socket = new TcpListener(loopbackOnly ? IPAddress.Loopback : IPAddress.Any, port);
        try
        {
            socket.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Host ports that this farm's own containers use.</summary>
    public static async Task<IReadOnlySet<int>> HeldByAsync(ComposeHost host, CancellationToken cancel) =>
        (await host.ContainersAsync(cancel))
            .SelectMany(c => c.Ports ?? [])
            .Select(p => (int)(p.PublicPort ?? 0))
            .Where(p => p > 0)
            .ToHashSet();

    private static async Task<IEnumerable<string>> PortsAsync(ComposeHost host, Farm farm, CancellationToken cancel)
    {
        var ours = await HeldByAsync(host, cancel);
        return from service in farm.Services
            from published in service.HostPorts
            where !ours.Contains(published.Host) && !IsFree(published.Host, published.Port.LoopbackOnly)
            select $"farm.json: {FarmPorts.KeyOf(farm.Options, published.Port.Host)}: port {published.Host} ({published.Port.Purpose}) "
                + "is in use on this machine. Set another port, or run ./farm up --free-ports.";
    }

    private static async Task<IEnumerable<string>> VolumesAsync(
        ComposeHost host,
        string? fingerprint,
        FarmInstance instance,
        CancellationToken cancel
    ) =>
        from volume in await host.VolumesAsync(cancel)
        where volume.Labels.TryGetValue(ComposeLabels.Secrets, out var label) && label != fingerprint
        select $"volume {volume.Name}: its data belongs to a farm with other secrets than those in {instance.SecretsFolder}. "
            + $"Put that farm's secrets back there, or delete the data: ./farm down --volumes --name {instance.Name}";

    private static async Task<IEnumerable<string>> DiskAsync(DockerClient engine, CancellationToken cancel)
    {
        var info = await engine.System.GetSystemInfoAsync(cancel);
        if (!Directory.Exists(info.DockerRootDir))
            return []; // The engine is on another machine.
        var free = new ByteSize(new DriveInfo(info.DockerRootDir).AvailableFreeSpace);
        return free >= s_diskNeeded
            ? []
            :
            [
                $"{info.DockerRootDir}: {free.Megabytes} MB are free; images and volumes need {s_diskNeeded.Megabytes} MB. "
                    + "Free some space: docker system prune",
            ];
    }
}
