namespace WpFarm.Topology.Layers.Observability;

/// <summary>Measures CPU, memory and network of every container. Needs a read-only view of the host, as root.</summary>
internal static class CAdvisor
{
    public const string Name = "cadvisor";
    public const int Port = 8080;

    public static Service Service { get; } =
        new()
        {
            Name = Name,
            Layer = Layer.Observability,
            Description = "Metrics of the containers",
            Image = UpstreamImages.CAdvisor,
            Command =
            [
                "--docker_only=true",
                "--housekeeping_interval=15s",
                "--storage_duration=1m",
                "--disable_metrics=advtcp,cpu_topology,cpuset,hugetlb,memory_numa,percpu,process,referenced_memory,resctrl,sched,tcp,udp",
                // Keeps only the labels that name a container's farm and service.
                "--store_container_labels=false",
                "--whitelisted_container_labels=com.docker.compose.project,com.docker.compose.service,com.docker.swarm.service.name",
            ],
            Networks = [Network.Monitoring],
            Mounts =
            [
                new("/", "/rootfs") { ReadOnly = true, HostReason = "reads how full the host's file systems are" },
                new("/var/run", "/var/run") { ReadOnly = true, HostReason = "asks the engine, by its socket, which container a cgroup is" },
                new("/sys", "/sys") { ReadOnly = true, HostReason = "reads the cgroups of the containers" },
                new("/var/lib/docker", "/var/lib/docker") { ReadOnly = true, HostReason = "measures the containers' layers" },
            ],
            Capabilities = [new("DAC_READ_SEARCH", "reads files of other users under /var/lib/docker")],
            RootReason = "opens the engine's socket as its owner",
            Health = new HealthCheck("wget", "-q", "--spider", $"http://127.0.0.1:{Port}/healthz"),
            Scrapes = [new(Name, ServiceEndpoint.Http(Name, Port)) { Replicated = true }],
            Limits = new(Cpus: 0.5, ByteSize.MB(192)),
            Placement = new() { Global = true },
        };
}
