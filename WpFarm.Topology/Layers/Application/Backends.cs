using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Application;

/// <summary>What WordPress uses beside its own container, each as <c>host:port</c>. What is not there it does without.</summary>
/// <param name="Writer">Door to the database that takes writes.</param>
/// <param name="Reader">Door to those that answer reads.</param>
internal sealed record Backends(string Writer, string Reader)
{
    public IReadOnlyList<string> Redis { get; private init; } = [];

    public IReadOnlyList<string> Memcached { get; private init; } = [];

    /// <summary>Empty: nobody keeps its pages.</summary>
    public string Varnish { get; private init; } = "";

    /// <summary>Restored data, to be looked at and nothing else.</summary>
    public bool IsScratch { get; private init; }

    /// <summary>What serves the sites' visitors.</summary>
    public static Backends Live { get; } =
        new(DbProxy.Writes.HostAndPort, DbProxy.Reads.HostAndPort)
        {
            Redis = [.. Caching.Redis.Nodes.Select(node => Caching.Redis.Objects(node).HostAndPort)],
            Memcached = [Caching.Memcached.Results.HostAndPort],
            Varnish = Caching.Varnish.Pages.HostAndPort,
        };

    public static Backends Scratch { get; } = new(DbProxy.ScratchReads.HostAndPort, DbProxy.ScratchReads.HostAndPort) { IsScratch = true };
}
