using System.Collections.Immutable;

namespace WpFarm.Topology;

/// <summary>One service of the farm: everything that a host needs to run it, and nothing that depends on the host.</summary>
public sealed record Service
{
    /// <summary>The DNS name by which other services reach it. Unique in the farm.</summary>
    public required string Name { get; init; }

    public required Layer Layer { get; init; }

    /// <summary>Its purpose, in one line for the operator.</summary>
    public required string Description { get; init; }

    public required Image Image { get; init; }

    public ServiceKind Kind { get; init; } = ServiceKind.Stateless;

    /// <summary>The program that runs instead of the image's entrypoint. Null: the image's entrypoint.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>
    /// <see cref="Entrypoint"/> as a manifest writes it. With a first-party image it starts as the image's own entrypoint does, so that it
    /// cannot gain privileges on a host that does not support <c>no-new-privileges</c>.
    /// </summary>
    public IReadOnlyList<string>? EntrypointWords =>
        Entrypoint is null ? null
        : Image is Image.FirstParty ? [.. Image.FirstParty.Unprivileged, Entrypoint]
        : [Entrypoint];

    /// <summary>Arguments to the entrypoint. Empty: the image's arguments.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Environment variables. Never a secret: anyone who may inspect a container can read them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<MountedFile> Files { get; init; } = [];

    /// <summary>How the service applies changed files while it runs. Null: changed files need a new container.</summary>
    public Reload? Reload { get; init; }

    /// <summary>True: visitors' requests pass through it, so its last container is never replaced before another answers.</summary>
    public bool ServesVisitors { get; init; }

    /// <summary>Names of <see cref="Farm.Secrets"/>, each mounted as a file of <see cref="SecretsFolder"/>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>
    /// The folder of the secrets' files, which every user of the container may read. A service that also runs the code of others has a
    /// folder that they cannot enter.
    /// </summary>
    public string SecretsFolder { get; init; } = Secret.Folder;

    public required IReadOnlyList<Attachment> Networks { get; init; }

    /// <summary>Ports published to the world outside the farm.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Each port of the host that the service may use, with what is published there: every replica has its own.</summary>
    public IEnumerable<(int Host, PublishedPort Port)> HostPorts =>
        Ports.SelectMany(port => Enumerable.Range(port.Host, Replicas.Max), (port, host) => (host, port));

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>Writable directories in memory. With <see cref="ReadOnlyRoot"/> everything else is read-only.</summary>
    public IReadOnlyList<Tmpfs> Tmpfs { get; init; } = [];

    /// <summary>Null only for jobs, and for images without a tool for a check.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>The services that must be ready before this one starts.</summary>
    public IReadOnlyList<Dependency> DependsOn { get; init; } = [];

    /// <summary>The services that it connects to: the edges of the diagram, and the connections that the networks must allow.</summary>
    public IReadOnlyList<Call> Calls { get; init; } = [];

    /// <summary>Metrics that Prometheus collects from it. Prometheus' configuration, calls and targets are derived from them.</summary>
    public IReadOnlyList<Scrape> Scrapes { get; init; } = [];

    public required ResourceLimits Limits { get; init; }

    public Replicas Replicas { get; init; } = Replicas.One;

    /// <summary>True: the Orchestrator changes the number of replicas within <see cref="Replicas"/>. False: the minimum runs.</summary>
    public bool FollowsLoad { get; init; }

    /// <summary>True for the service that runs the autoscaler.</summary>
    public bool Scales { get; init; }

    /// <summary>How the service learns the farm's project, which only its host knows. Null: it need not know.</summary>
    public ProjectVariables? Project { get; init; }

    public Placement Placement { get; init; } = new();

    /// <summary>How long a stop may take before the container is killed. 1 s to 10 min.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The signal that ends it without a drain, for when no client can reach it any more. Null: it has none.</summary>
    public string? QuickStopSignal { get; init; }

    /// <summary>Linux capabilities added after all are dropped.</summary>
    public IReadOnlyList<Capability> Capabilities { get; init; } = [];

    /// <summary>Kernel settings of its own network namespace, by <c>sysctl</c> name.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary><c>uid:gid</c>. Null: the image's user.</summary>
    public string? User { get; init; }

    /// <summary>Why its first process runs as root (uid 0). Null: it does not.</summary>
    public string? RootReason { get; init; }

    /// <summary>Why its root file system is writable. Null: it is read-only.</summary>
    public string? WritableRootReason { get; init; }

    public bool ReadOnlyRoot => WritableRootReason is null;

    /// <summary>
    /// For a job that also repairs: the time after which a scheduler, if it can, runs it again. Null: it runs again only after a change.
    /// </summary>
    public TimeSpan? RepeatAfter { get; init; }

    public bool IsJob => Kind == ServiceKind.Job;

    public bool IsOn(string network) => Networks.Any(n => n.Network == network);
}

public enum ServiceKind
{
    /// <summary>Any replica can answer. Updates start the new one first.</summary>
    Stateless,

    /// <summary>Owns data. Updates stop the old one first, one at a time.</summary>
    Stateful,

    /// <summary>Runs to completion at every <c>up</c>. Changes nothing if there is nothing to do.</summary>
    Job,
}

/// <summary>A service's connection to a network, with further names that it has there.</summary>
public sealed record Attachment(string Network)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public static implicit operator Attachment(string network) => new(network);
}

/// <summary>A text file mounted read-only.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Content">The rendered text. Contains no secrets.</param>
public sealed record MountedFile(string Path, string Content)
{
    public bool Executable { get; init; }
}

/// <summary>
/// How a service applies changed files without a restart, on hosts that can change a mounted folder (Compose on this machine).
/// </summary>
/// <param name="Folder">Absolute path in the container. Contains files of this service only, none of the image.</param>
/// <param name="Command">
/// Runs in the container after the files have changed. With exit code 0 they are applied. Empty: the service watches the folder itself.
/// </param>
public sealed record Reload(string Folder, params IReadOnlyList<string> Command)
{
    public bool Covers(MountedFile file) => file.Path.StartsWith(Folder + "/", StringComparison.Ordinal);
}

/// <summary>A port published on the host.</summary>
/// <param name="Host">
/// 1 to 65535 on the host. Replica n (from 0) of a service with several replicas on one host gets <c>Host + n</c>.
/// </param>
/// <param name="Container">Port inside the container.</param>
public sealed record PublishedPort(int Host, int Container)
{
    /// <summary>What listens on the port, in two or three words.</summary>
    public required string Purpose { get; init; }

    /// <summary>True: published on the loopback address only, for administrators and not for visitors.</summary>
    public bool LoopbackOnly { get; init; }

    /// <summary>Scheme of the address. Null: the port does not speak HTTP.</summary>
    public string? Scheme { get; init; } = "http";
}

/// <summary>
/// The environment variables that tell a service the farm's project: the prefix of the names of the farm's containers, or of its stacks.
/// </summary>
/// <param name="OnEngine">On one engine. Null: not told.</param>
/// <param name="OnSwarm">On a swarm. Null: not told.</param>
public sealed record ProjectVariables(string? OnEngine, string? OnSwarm);

/// <summary>A Linux capability that a service keeps.</summary>
/// <param name="Name">Without the <c>CAP_</c> prefix: see capabilities(7).</param>
/// <param name="Reason">What the service does with it: for the operator, in <c>docs/reference/privileges.md</c>.</param>
public sealed record Capability(string Name, string Reason);

/// <summary>A named volume, or a path of the host (<see cref="HostPath"/>), in a container.</summary>
public sealed record Mount(string Source, string Target)
{
    public bool ReadOnly { get; init; }

    /// <summary>Why the service needs this path of the host. Null: <see cref="Source"/> is a named volume.</summary>
    public string? HostReason { get; init; }

    public bool HostPath => HostReason is not null;

    /// <summary>For a named volume: nothing in it outlives a request, and each node has its own.</summary>
    public bool IsSpool { get; init; }
}

/// <summary>A directory in memory.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Size">Upper limit; counts against the container's memory.</param>
public sealed record Tmpfs(string Path, ByteSize Size)
{
    public int Uid { get; init; }

    public int Gid { get; init; }
}

/// <summary>A command in the container that exits with 0 if the service is healthy. Runs directly, without a shell.</summary>
/// <remarks>
/// Each start of a process in a container costs the engine 50 to 100 ms of CPU, whatever the process does. With thirty containers on
/// two cores, checks every few seconds would create so much load that they time out. Failover does not wait for these checks: the
/// proxies have their own, each second.
/// </remarks>
public sealed record HealthCheck(params IReadOnlyList<string> Command)
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(8);

    public int Retries { get; init; } = 3;

    /// <summary>Failures within this time after the start do not count.</summary>
    public TimeSpan StartPeriod { get; init; } = TimeSpan.FromSeconds(60);
}

public sealed record Dependency(string Service, DependencyCondition Condition = DependencyCondition.Healthy);

public enum DependencyCondition
{
    Healthy,
    Completed,
}

/// <summary>A connection of this service to another.</summary>
/// <param name="Endpoint">Where the other service listens.</param>
/// <param name="Kind">What the connection is for. Code uses this and not the label.</param>
/// <param name="Label">A word or two for readers of the diagram, on its edge.</param>
public sealed record Call(ServiceEndpoint Endpoint, CallKind Kind, string Label);

public enum CallKind
{
    /// <summary>Requests an answer, or gives an order.</summary>
    Request,

    /// <summary>Replicates or stores data.</summary>
    Data,

    /// <summary>Sends logs, traces or metrics.</summary>
    Telemetry,

    /// <summary>Reads metrics, logs or traces. Omitted from the diagram, because it would hide the path of a request.</summary>
    Monitoring,
}

/// <summary>Upper limits per replica.</summary>
/// <param name="Cpus">CPU cores; at least 0.05.</param>
/// <param name="Memory">The kernel kills a container that exceeds it.</param>
public sealed record ResourceLimits(double Cpus, ByteSize Memory)
{
    /// <summary>Memory that a scheduler reserves: a quarter of the limit.</summary>
    public ByteSize Reservation => new(Memory.Bytes / 4);

    /// <summary>Limit of processes and threads. Stops a fork bomb.</summary>
    public int Pids { get; init; } = 256;
}

/// <summary>
/// The number of replicas: <paramref name="Min"/> at the start, and <paramref name="Max"/> as the limit of the autoscaler.
/// </summary>
public sealed record Replicas(int Min, int Max)
{
    public static Replicas One { get; } = new(1, 1);

    public static Replicas Exactly(int count) => new(count, count);
}

/// <summary>The nodes on which a scheduler may place the service. Ignored on a single host.</summary>
/// <remarks>A service with a volume of its own stays on the node that has the volume: <see cref="Nodes.NodeLabels"/>.</remarks>
public sealed record Placement
{
    /// <summary>The role that a node must have. Null: any node.</summary>
    public NodeRole? Role { get; init; }

    /// <summary>The volumes of services with the same group are spread over the nodes of the role.</summary>
    public string? AntiAffinity { get; init; }

    /// <summary>True: one replica on every node (of the role) instead of a number of replicas.</summary>
    public bool Global { get; init; }

    /// <summary>Replicas on one node. 0: no limit.</summary>
    public int MaxPerNode { get; init; }

    /// <summary>True: needs a manager node, because it uses the swarm part of the engine's API.</summary>
    public bool Manager { get; init; }
}

/// <summary>The purpose of a swarm node: the seed's resource allocation.</summary>
public enum NodeRole
{
    Edge,
    App,
    Db,
    Cache,
    Storage,
    Observability,
    Management,
}
