namespace WpFarm.Topology.Layers.Management;

/// <summary>
/// A web interface for containers, for administrators. It changes containers, so unlike the Orchestrator it has the engine's socket.
/// </summary>
internal static class Portainer
{
    private const int Port = 9000;

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = "portainer",
            Layer = Layer.Management,
            Description = "Web console for the containers",
            Image = UpstreamImages.Portainer,
            Kind = ServiceKind.Stateful,
            Command =
            [
                "--host",
                $"unix://{EngineProxy.Socket}",
                "--admin-password-file",
                $"/run/secrets/{Secret.PortainerAdmin}",
                // Plain HTTP on port 9000, which is published on the loopback address only.
                "--http-enabled",
            ],
            Secrets = [Secret.PortainerAdmin],
            Networks = [Network.Management],
            Ports = [new(farm.Options.Management.PortainerPort, Port) { Purpose = "Portainer", LoopbackOnly = true }],
            Mounts =
            [
                new(EngineProxy.Socket, EngineProxy.Socket)
                {
                    HostReason = "administrators create and change containers in it. Whoever logs in to it is root on the host",
                },
                new("portainer", "/data"),
            ],
            RootReason = "opens the engine's socket as its owner; the image has no other user",
            Tmpfs = [new("/tmp", ByteSize.MB(32))],
            Limits = new(Cpus: 1, ByteSize.MB(256)),
            Placement = new() { Role = NodeRole.Management, Manager = true },
        };
}
