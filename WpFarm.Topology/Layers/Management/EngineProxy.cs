namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// The engine's API for the Orchestrator, cut down to looking. Whoever holds the engine's socket is root on the host, so the
/// Orchestrator, which also talks to the database, does not get it.
/// </summary>
internal static class EngineProxy
{
    public const string Name = "engine-proxy";
    public const int Port = 2375;
    public const string Socket = "/var/run/docker.sock";

    public static Service Service { get; } = new()
    {
        Name = Name,
        Layer = Layer.Management,
        Description = "Read-only view of the container engine for the Orchestrator",
        Image = new Image.FirstParty("haproxy"),
        Files = [new("/etc/haproxy/haproxy.cfg", Embedded.Text("Management/engine-proxy.cfg"))],
        Networks = [Network.Management],
        Mounts = [new(Socket, Socket) { HostPath = true, ReadOnly = true }],
        // The socket belongs to root and to a group whose number differs from host to host. Root without a single capability
        // may open it as its owner, and may do nothing else.
        User = "0:0",
        Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{Port}/_ping"),
        Limits = new(Cpus: 0.5, ByteSize.MB(64)),
        Placement = new() { Role = NodeRole.Management, Manager = true },
    };
}
