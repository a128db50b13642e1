using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The services that a WordPress container connects to, each as <c>host:port</c>. WordPress works without those that are absent.
/// </summary>
/// <param name="Writer">Listener for the database server that takes writes.</param>
/// <param name="Reader">Listener for the database servers that answer reads.</param>
internal sealed record Backends(string Writer, string Reader)
{
    public IReadOnlyList<string> Redis { get; private init; } = [];

    public IReadOnlyList<string> Memcached { get; private init; } = [];

    /// <summary>The page cache. Empty: no page cache keeps this container's pages.</summary>
    public string Varnish { get; private init; } = "";

    /// <summary>The proxy to the internet. Empty: the container sends no requests there.</summary>
    public string Egress { get; private init; } = "";

    /// <summary>The mail server. Empty: the container sends no mail.</summary>
    public string Mail { get; private init; } = "";

    /// <summary>True: the container shows restored data from a backup and serves no visitors.</summary>
    public bool IsScratch { get; private init; }

    /// <summary>The backends of the pools, which serve the sites' visitors.</summary>
    public static Backends Live { get; } =
        new(DbProxy.Writes.HostAndPort, DbProxy.Reads.HostAndPort)
        {
            Redis = [.. Caching.Redis.Nodes.Select(node => Caching.Redis.Objects(node).HostAndPort)],
            Memcached = [Caching.Memcached.Results.HostAndPort],
            Varnish = Caching.Varnish.Pages.HostAndPort,
            Egress = Application.Egress.Proxy.HostAndPort,
            Mail = Application.Mail.Submission.HostAndPort,
        };

    public static Backends Scratch { get; } = new(DbProxy.ScratchReads.HostAndPort, DbProxy.ScratchReads.HostAndPort) { IsScratch = true };
}
