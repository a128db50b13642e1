using System.Text.RegularExpressions;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Topology.Layers.Caching;

/// <summary>The page cache in front of the pools. It serves cached pages when the pools are down.</summary>
internal static class Varnish
{
    public const string Name = "varnish";
    public const int Port = 6081;

    public static ServiceEndpoint Pages => ServiceEndpoint.Http(Name, Port);

    /// <summary>Memory for objects that live for seconds, and for responses that bypass the cache.</summary>
    private static readonly ByteSize s_transient = ByteSize.MB(64);

    /// <summary>The part of the cache for addresses with a query, so that nobody can fill all of it with <c>?x=RANDOM</c>.</summary>
    private static ByteSize Queries(ByteSize objects) => new(objects.Bytes / 4);

    public static Service Service(FarmDesign farm)
    {
        var options = farm.Options.Caching;
        return new Service
        {
            Name = Name,
            Layer = Layer.Caching,
            Description = "Page cache of anonymous visitors; serves stale pages when a pool is down",
            Image = new Image.FirstParty("varnish"),
            Command =
            [
                "-a",
                $":{Port}",
                "-s",
                $"pages=malloc,{new ByteSize(options.Varnish.Bytes - Queries(options.Varnish).Bytes)}",
                "-s",
                $"queries=malloc,{Queries(options.Varnish)}",
                "-s",
                $"Transient=malloc,{s_transient}",
                // Keeps a slow visitor from pulling a whole upload into memory.
                "-p",
                "transit_buffer=1M",
                // The size of the log in shared memory, which only varnishlog reads.
                "-p",
                "vsl_space=2M",
                "-p",
                "thread_pool_min=50",
                "-p",
                "thread_pool_max=1000",
            ],
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["ORIGIN"] = HaProxy.Pools.HostAndPort },
            Files = [new("/etc/varnish/default.vcl", Vcl(farm))],
            Reload = new("/etc/varnish", "farm-varnish", "reload"),
            ServesVisitors = true,
            Networks = [Network.Web, Network.Caching],
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{Port}/healthz"),
            Calls = [new(HaProxy.Pools, CallKind.Request, "misses")],
            Limits = new(Cpus: 2, Memory(options.Varnish)),
            Replicas = farm.Redundant,
            QuickStopSignal = "SIGINT",
            // Covers the drain and then the longest request that a pool may still answer.
            StopGrace = RequestLimits.Longest + TimeSpan.FromSeconds(10),
            Placement = new() { Role = NodeRole.Cache, MaxPerNode = farm.Redundant.Max > 1 ? 1 : 0 },
            WritableRootReason = "compiles VCL to a library and loads it from the working directory; Docker mounts every tmpfs noexec",
        };
    }

    private static string Vcl(FarmDesign farm) =>
        Embedded.Text(
            "Caching/default.vcl",
            ("longest", $"{RequestLimits.Longest.TotalSeconds}"),
            ("own-cookies", Alternatives(farm.Options.Caching.OwnCookies)),
            ("ignored-parameters", Alternatives(farm.Options.Caching.IgnoredParameters)),
            ("page-ttl", $"{farm.Options.Caching.PageTtl}"),
            ("grace-hours", $"{farm.Options.Caching.GraceHours}")
        );

    /// <summary>The names as further alternatives of a regular expression.</summary>
    private static string Alternatives(IEnumerable<string> names) =>
        string.Concat(names.Select(name => '|' + Regex.Escape(name.TrimEnd('*')) + (name.EndsWith('*') ? "[^=&;]*" : "")));

    /// <summary>
    /// Memory of the container: objects and what malloc wastes on them, threads, and the compiler, which runs for a second.
    /// </summary>
    private static ByteSize Memory(ByteSize objects) =>
        new(objects.Bytes + (objects.Bytes / 4) + s_transient.Bytes + ByteSize.MB(128).Bytes);
}
