using System.Collections.Immutable;

namespace WpFarm.Topology;

/// <summary>One service of the farm: everything any host needs to run it, and nothing about which host does.</summary>
public sealed record Service
{
    /// <summary>The DNS name other services use. Unique in the farm.</summary>
    public required string Name { get; init; }

    public required Layer Layer { get; init; }

    /// <summary>One line for people: what it is there for.</summary>
    public required string Description { get; init; }

    public required Image Image { get; init; }

    public ServiceKind Kind { get; init; } = ServiceKind.Stateless;

    /// <summary>The program that runs instead of the image's entrypoint; null: the image's own.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>Arguments to the entrypoint. Empty: the image's own.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Never a secret: environments are readable by anyone who may inspect a container.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<MountedFile> Files { get; init; } = [];

    /// <summary>How it takes up changed files while it runs. Null: changed files need a new container.</summary>
    public Reload? Reload { get; init; }

    /// <summary>A visitor's request passes through it: it is never replaced while nothing else answers in its place.</summary>
    public bool ServesVisitors { get; init; }

    /// <summary>Names of <see cref="Farm.Secrets"/>, each mounted at <c>/run/secrets/NAME</c>.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    public required IReadOnlyList<Attachment> Networks { get; init; }

    /// <summary>Ports published to the world outside the farm.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Each port of the host that it may take, with what is published there: every replica has its own.</summary>
    public IEnumerable<(int Host, PublishedPort Port)> HostPorts =>
        Ports.SelectMany(port => Enumerable.Range(port.Host, Replicas.Max), (port, host) => (host, port));

    public IReadOnlyList<Mount> Mounts { get; init; } = [];

    /// <summary>Writable directories in memory; everything else is read-only when <see cref="ReadOnlyRoot"/>.</summary>
    public IReadOnlyList<Tmpfs> Tmpfs { get; init; } = [];

    /// <summary>Null only for jobs and for images that carry no tool to check with.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>What must be there before this starts.</summary>
    public IReadOnlyList<Dependency> DependsOn { get; init; } = [];

    /// <summary>Which services it connects to: the edges of the diagram, and what the network matrix must allow.</summary>
    public IReadOnlyList<Call> Calls { get; init; } = [];

    /// <summary>Metrics of this service that Prometheus collects. Its configuration, its calls and its targets follow from them.</summary>
    public IReadOnlyList<Scrape> Scrapes { get; init; } = [];

    public required ResourceLimits Limits { get; init; }

    public Replicas Replicas { get; init; } = Replicas.One;

    /// <summary>The Orchestrator changes how many of its <see cref="Replicas"/> run; otherwise it is the fewest.</summary>
    public bool FollowsLoad { get; init; }

    /// <summary>It is the one who does so.</summary>
    public bool Scales { get; init; }

    public Placement Placement { get; init; } = new();

    /// <summary>How long a stop may take before the container is killed. 1 s to 10 min.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Ends it without a drain, for when nobody can reach it any more. Null: it has none.</summary>
    public string? QuickStopSignal { get; init; }

    /// <summary>Linux capabilities added after all are dropped, without the <c>CAP_</c> prefix.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Kernel settings of its own network namespace, by <c>sysctl</c> name.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary><c>uid:gid</c>; null is the image's own user.</summary>
    public string? User { get; init; }

    public bool ReadOnlyRoot { get; init; } = true;

    /// <summary>
    /// A job that mends, too: where the scheduler can, it runs again this long after it ended. Null: only when it changed.
    /// </summary>
    public TimeSpan? RepeatAfter { get; init; }

    public bool IsJob => Kind == ServiceKind.Job;

    public bool IsOn(string network) => Networks.Any(n => n.Network == network);
}

public enum ServiceKind
{
    /// <summary>Any replica can answer; updates start the new one first.</summary>
    Stateless,

    /// <summary>Owns data; updates stop the old one first, one at a time.</summary>
    Stateful,

    /// <summary>Runs to completion at every <c>up</c>, and changes nothing when there is nothing to do.</summary>
    Job,
}

/// <summary>A service on a network, with further names it answers to there.</summary>
public sealed record Attachment(string Network)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public static implicit operator Attachment(string network) => new(network);
}

/// <summary>A text file mounted read-only.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Content">The rendered text, without secrets.</param>
public sealed record MountedFile(string Path, string Content)
{
    public bool Executable { get; init; }
}

/// <summary>
/// How a service takes up changed files without a restart, on hosts that can change a mounted folder (Compose on this machine).
/// </summary>
/// <param name="Folder">Absolute path in the container. It holds this service's files and nothing of the image.</param>
/// <param name="Command">
/// Runs in the container after the files have changed. Exit code 0: they are in force. Empty: the service watches the folder.
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
    /// <summary>What listens there, in two or three words.</summary>
    public required string Purpose { get; init; }

    /// <summary>Only on the loopback address: administration, never for visitors.</summary>
    public bool LoopbackOnly { get; init; }

    /// <summary>Null when what listens is not HTTP.</summary>
    public string? Scheme { get; init; } = "http";
}

/// <summary>A named volume, or (<see cref="HostPath"/>) a path of the host, in a container.</summary>
public sealed record Mount(string Source, string Target)
{
    public bool ReadOnly { get; init; }

    public bool HostPath { get; init; }

    /// <summary>Of a named volume: nothing in it outlives a request, and each node has one of its own.</summary>
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

/// <summary>A command in the container that exits 0 when it is healthy. Run directly, not by a shell.</summary>
/// <remarks>
/// Starting a process in a container costs the engine 50 to 100 ms of CPU, whatever the process does. With thirty containers on
/// two cores, checks every few seconds are a load that makes itself time out; failover does not wait for them, because the
/// proxies have their own checks, each second.
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

/// <summary>This service connects to another.</summary>
/// <param name="Endpoint">Where the other service listens.</param>
/// <param name="Kind">What the connection is for; the code decides by it.</param>
/// <param name="Label">A word or two for people, on the edge in the diagram.</param>
public sealed record Call(ServiceEndpoint Endpoint, CallKind Kind, string Label);

public enum CallKind
{
    /// <summary>Asks for an answer, or gives an order.</summary>
    Request,

    /// <summary>Replicates or stores data.</summary>
    Data,

    /// <summary>Sends logs, traces or metrics.</summary>
    Telemetry,

    /// <summary>Reads metrics, logs or traces. The diagram leaves it out: it would hide the path of a request.</summary>
    Monitoring,
}

/// <summary>Upper limits per replica.</summary>
/// <param name="Cpus">CPU cores, 0.05 and up.</param>
/// <param name="Memory">A container over it is killed by the kernel.</param>
public sealed record ResourceLimits(double Cpus, ByteSize Memory)
{
    /// <summary>What a scheduler sets aside. Defaults to a quarter of the limit.</summary>
    public ByteSize Reservation => new(Memory.Bytes / 4);

    /// <summary>Processes and threads; a fork bomb stops here.</summary>
    public int Pids { get; init; } = 256;
}

/// <summary>How many replicas run: <paramref name="Min"/> at the start, and what autoscaling may go up to.</summary>
public sealed record Replicas(int Min, int Max)
{
    public static Replicas One { get; } = new(1, 1);

    public static Replicas Exactly(int count) => new(count, count);
}

/// <summary>Where a scheduler of several nodes puts it. On one box none of it matters.</summary>
/// <remarks>A service with a volume of its own stays on the node that has the volume: <see cref="Nodes.NodeLabels"/>.</remarks>
public sealed record Placement
{
    /// <summary>What a node must be there for; null: any node.</summary>
    public NodeRole? Role { get; init; }

    /// <summary>Volumes of services that share this group are spread over the nodes of the role.</summary>
    public string? AntiAffinity { get; init; }

    /// <summary>One on every node (of the role) instead of a number of replicas.</summary>
    public bool Global { get; init; }

    /// <summary>0: no limit.</summary>
    public int MaxPerNode { get; init; }

    /// <summary>Talks to the engine's API, and wants one that knows the swarm.</summary>
    public bool Manager { get; init; }
}

/// <summary>What a node of a swarm is there for: the seed's resource allocation.</summary>
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
