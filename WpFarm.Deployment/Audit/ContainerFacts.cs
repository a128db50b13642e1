using Docker.DotNet.Models;
using WpFarm.Deployment.Compose;

namespace WpFarm.Deployment.Audit;

/// <summary>What a container may do, as the engine runs it.</summary>
internal sealed record ContainerFacts
{
    public required string Name { get; init; }

    /// <summary>The service whose container it is, by its label.</summary>
    public required string Service { get; init; }

    public bool Privileged { get; init; }

    /// <summary>Without the <c>CAP_</c> prefix.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    public bool DropsAll { get; init; } = true;

    public bool ReadOnlyRoot { get; init; } = true;

    public IReadOnlyList<string> SecurityOptions { get; init; } = ["no-new-privileges:true"];

    /// <summary>Namespaces of the host that it shares: network, pid, ipc, uts, user.</summary>
    public IReadOnlyList<string> HostNamespaces { get; init; } = [];

    /// <summary>Paths of the host that are mounted, without the farm's own files.</summary>
    public IReadOnlyList<string> HostPaths { get; init; } = [];

    /// <summary>Devices of the host.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>The label in which Compose keeps the folder of the manifest: the farm's own files are below it.</summary>
    private const string FolderLabel = "com.docker.compose.project.working_dir";

    public static ContainerFacts Of(ContainerInspectResponse container)
    {
        var host = container.HostConfig ?? new HostConfig();
        var labels = container.Config?.Labels ?? new Dictionary<string, string>();
        var folder = labels.TryGetValue(FolderLabel, out var path) ? path.TrimEnd('/') + "/" : null;
        return new()
        {
            Name = container.Name.TrimStart('/'),
            Service = labels.TryGetValue(ComposeLabels.Service, out var service) ? service : "",
            Privileged = host.Privileged,
            Added = [.. (host.CapAdd ?? []).Select(WithoutPrefix)],
            DropsAll = (host.CapDrop ?? []).Any(name => name.Equals("ALL", StringComparison.OrdinalIgnoreCase)),
            ReadOnlyRoot = host.ReadonlyRootfs,
            SecurityOptions = [.. host.SecurityOpt ?? []],
            HostNamespaces =
            [
                .. new[]
                {
                    ("network", host.NetworkMode),
                    ("pid", host.PidMode),
                    ("ipc", host.IpcMode),
                    ("uts", host.UTSMode),
                    ("user", host.UsernsMode),
                }
                    .Where(shared => shared.Item2 == "host")
                    .Select(shared => shared.Item1),
            ],
            HostPaths =
            [
                .. (container.Mounts ?? [])
                    .Where(mount => mount.Type == "bind")
                    .Select(mount => mount.Source)
                    .Where(source => folder is null || !source.StartsWith(folder, StringComparison.Ordinal)),
            ],
            Devices = [.. (host.Devices ?? []).Select(device => device.PathOnHost)],
        };
    }

    private static string WithoutPrefix(string capability) =>
        capability.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? capability["CAP_".Length..] : capability;
}
