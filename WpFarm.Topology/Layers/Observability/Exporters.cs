using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Observability;

/// <summary>Exporters for programs without Prometheus metrics. Each request to those of MariaDB and Redis names one server.</summary>
internal static class Exporters
{
    public const string NodeName = "node-exporter";
    public const string NodeJob = "node";
    public const int NodePort = 9100;
    public const string MariaDbName = "mysqld-exporter";
    public const int MariaDbPort = 9104;
    public const string RedisName = "redis-exporter";
    public const int RedisPort = 9121;

    public static ServiceEndpoint MariaDbProbe => ServiceEndpoint.Http(MariaDbName, MariaDbPort);

    public static ServiceEndpoint RedisProbe => ServiceEndpoint.Http(RedisName, RedisPort);

    public static Service Node { get; } =
        new()
        {
            Name = NodeName,
            Layer = Layer.Observability,
            Description = "Metrics of the host",
            Image = new Image.FirstParty("node-exporter"),
            Command =
            [
                "--path.procfs=/host/proc",
                "--path.sysfs=/host/sys",
                "--path.rootfs=/host/root",
                // Only what the alerts and the dashboard use and a container can measure: not the network, because it would see only its
                // own.
                "--collector.disable-defaults",
                .. new[] { "cpu", "diskstats", "filesystem", "loadavg", "meminfo", "pressure", "stat", "time", "uname", "vmstat" }.Select(
                    name => $"--collector.{name}"
                ),
            ],
            Networks = [Network.Monitoring],
            Mounts =
            [
                new("/proc", "/host/proc") { ReadOnly = true, HostReason = "reads CPU, memory and load of the host" },
                new("/sys", "/host/sys") { ReadOnly = true, HostReason = "reads CPUs and disks of the host" },
                new("/", "/host/root") { ReadOnly = true, HostReason = "reads how full the host's file systems are" },
            ],
            Health = HttpCheck.Of(NodePort, "/"),
            Scrapes = [new(NodeJob, ServiceEndpoint.Http(NodeName, NodePort)) { Replicated = true }],
            Limits = new(Cpus: 0.5, ByteSize.MB(64)),
            Placement = new() { Global = true },
        };

    public static Service Redis { get; } =
        new()
        {
            Name = RedisName,
            Layer = Layer.Observability,
            Description = "Metrics of the Redis nodes",
            Image = new Image.FirstParty("redis-exporter"),
            // No default server: each request names one.
            Command = ["-redis.addr=", "-redis-only-metrics=false"],
            Secrets = [Secret.Redis],
            Networks = [Network.Monitoring, Network.Caching],
            Health = HttpCheck.Of(RedisPort, "/health"),
            Calls = [.. Caching.Redis.Nodes.Select(node => new Call(Caching.Redis.Objects(node), CallKind.Monitoring, "metrics"))],
            Limits = new(Cpus: 0.5, ByteSize.MB(64)),
            Placement = new() { Role = NodeRole.Observability },
        };

    public static Service MariaDb(FarmDesign farm) =>
        new()
        {
            Name = MariaDbName,
            Layer = Layer.Observability,
            Description = "Metrics of the MariaDB servers",
            Image = new Image.FirstParty("mysqld-exporter"),
            Secrets = [Secret.Monitor],
            Networks = [Network.Monitoring, Network.Database],
            Health = HttpCheck.Of(MariaDbPort, "/"),
            Calls = [.. DatabaseServers.All(farm).Select(server => new Call(DatabaseServers.Sql(server), CallKind.Monitoring, "metrics"))],
            Limits = new(Cpus: 0.5, ByteSize.MB(64)),
            Placement = new() { Role = NodeRole.Observability },
        };
}
