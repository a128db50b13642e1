using System.Globalization;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// The engine's API for the Orchestrator, restricted to reading, and to starting and draining containers of pools that are scaled by load.
/// A process with the engine's socket is root on the host. The Orchestrator also talks to the database, so it does not get the socket.
/// </summary>
internal static class EngineProxy
{
    public const string Name = "engine-proxy";
    public const int Port = 2375;

    public static ServiceEndpoint Api => ServiceEndpoint.Http(Name, Port);

    public const string Socket = "/var/run/docker.sock";

    private const string ReplicasPath = "/etc/haproxy/replicas.lua";

    /// <summary>The environment variable by which its configuration names the farm's project.</summary>
    private const string ProjectVariable = "FARM_PROJECT";

    /// <param name="others">
    /// Names of the farm's other services: by them, containers of a project whose name begins with this one's are told from the farm's own.
    /// </param>
    public static Service Service(FarmDesign farm, IReadOnlyList<string> others) =>
        new()
        {
            Name = Name,
            Layer = Layer.Management,
            Description = "What the Orchestrator may see and do of the container engine",
            Image = new Image.FirstParty("haproxy"),
            Files = Files(farm, others),
            Project = new(OnEngine: ProjectVariable, OnSwarm: ProjectVariable),
            Reload = HaProxy.Reload,
            Networks = [Network.Engine],
            Mounts =
            [
                new(Socket, Socket)
                {
                    ReadOnly = true,
                    HostReason = "passes the Orchestrator's permitted requests on to the engine, and no others",
                },
            ],
            User = "0:0",
            RootReason =
                "the engine's socket belongs to root and to a group whose number differs from host to host. "
                + "Root without any capability opens it as its owner, and can do nothing else",
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{Port}/_ping"),
            Limits = new(Cpus: 0.5, ByteSize.MB(64)),
            Placement = new() { Role = NodeRole.Management, Manager = true },
        };

    private static IReadOnlyList<MountedFile> Files(FarmDesign farm, IReadOnlyList<string> others)
    {
        var names = string.Join('|', others.Append(Name).Order(StringComparer.Ordinal));
        var scaled = farm.ScaledTiers.ToList();
        return scaled.Count == 0
            ? [Configuration(names, "", "")]
            :
            [
                Configuration(names, $"\n  lua-load {ReplicasPath}", Scaling(scaled.Select(tier => Pool.Name(tier.Key)))),
                new(ReplicasPath, Embedded.Text("Management/replicas.lua", ("limits", Limits(scaled)))),
            ];
    }

    private static MountedFile Configuration(string names, string lua, string scaling) =>
        new(
            "/etc/haproxy/haproxy.cfg",
            Embedded.Text("Management/engine-proxy.cfg", ("services", names), ("lua", lua), ("scaling", scaling))
        );

    private static string Limits(IEnumerable<KeyValuePair<string, TierOptions>> tiers) =>
        string.Join(
            ", ",
            tiers.Select(tier =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[\"{Pool.Name(tier.Key)}\"] = {{ {tier.Value.Replicas.Min}, {tier.Value.Replicas.Max} }}"
                )
            )
        );

    /// <summary>
    /// The requests that scale a pool. On one engine they name containers as Compose does, by project, service and number; on a swarm they
    /// name services, prefixed with the stack. No request may have a version in its path or a body: in API versions before 1.24 a start
    /// request could bring a configuration, and with it access to the host.
    /// </summary>
    private static string Scaling(IEnumerable<string> pools)
    {
        var names = string.Join('|', pools);
        return $$"""

              acl body      req.hdr_val(content-length) gt 0
              acl body      req.hdr(transfer-encoding) -m found
              acl container pathq -m reg -- ^/containers/"${FARM_PROJECT}"-({{names}})-[0-9]+/(start|kill\?signal=SIGTERM)$
              acl replicas  pathq -m reg -- ^/services/"${FARM_PROJECT}"-[a-z]+_({{names}})/replicas/[0-9]+$
              acl swarm     pathq -m reg -- ^/services\?filters=%7B%22label%22%3A%5B%22wpfarm\.farm%3D"${FARM_PROJECT}"%22%5D%7D$
              acl swarm     pathq -m beg -- /tasks?filters=%7B%22service%22%3A%5B%22
              acl swarm     pathq -m str -- /nodes
              http-request allow if METH_POST container !body
              http-request use-service lua.replicas if METH_POST replicas !body
              http-request allow if METH_GET swarm
            """;
    }
}
