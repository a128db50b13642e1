using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Security;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The proxy through which the sites' own requests leave the farm: payments, licences, embeds. Each site logs in as itself, so that the log
/// says whose request it was. Private networks, the farm's own among them, and the addresses of clouds' metadata are refused.
/// </summary>
internal static class Egress
{
    public const string Name = "egress";
    public const int Port = 3128;

    public static ServiceEndpoint Proxy => ServiceEndpoint.Http(Name, Port);

    private const string Folder = "/etc/farm-egress";

    /// <summary>Debian's user "proxy".</summary>
    private const int Uid = 13;

    /// <summary>
    /// Besides the private ranges, never on the internet by IANA's registries of special addresses (RFC 6890): this network, shared,
    /// benchmarks, multicast and reserved; and of IPv6 those that hold an IPv4 address.
    /// </summary>
    private static readonly IReadOnlyList<string> s_special =
    [
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "::/128",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "ff00::/8",
    ];

    public static Service Service(FarmDesign farm) =>
        new()
        {
            Name = Name,
            Layer = Layer.Application,
            Description = "Lets the sites' own requests out to the internet, and nothing else",
            Image = new Image.FirstParty("egress"),
            Files = [new($"{Folder}/squid.conf", Configuration(farm))],
            Reload = new(Folder, "squid", "-f", $"{Folder}/squid.conf", "-k", "reconfigure"),
            Secrets = [Secret.SiteLoginKey],
            Networks = [Network.WordPress, Network.Internet],
            Tmpfs = [new("/tmp", ByteSize.MB(8)) { Uid = Uid, Gid = Uid }],
            Health = new HealthCheck("bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{Port}"),
            Limits = new(Cpus: 0.5, ByteSize.MB(96)),
            Replicas = farm.Redundant,
            Placement = new() { Role = NodeRole.App, MaxPerNode = farm.Redundant.Max > 1 ? 1 : 0 },
        };

    private static string Configuration(FarmDesign farm) =>
        Embedded.Text(
            "Application/squid.conf",
            ("port", $"{Port}"),
            ("refused", Lines("acl refused dst", NeverBlocked.Private.Concat(s_special))),
            ("allowed", Lines("acl allowed dst", farm.Options.Egress.Private)),
            ("allow", farm.Options.Egress.Private.Count > 0 ? "!allowed" : ""),
            ("tiers", string.Concat(farm.Tiers.Select(tier => Narrowed(farm, tier.Key, tier.Value))))
        );

    /// <summary>The rules of a tier whose sites may ask some domains only. A dot before a domain is for what is below it, too.</summary>
    private static string Narrowed(FarmDesign farm, string tier, TierOptions options) =>
        options.Egress is not { } domains
            ? ""
            : Lines($"acl sites-{tier} proxy_auth", farm.Sites.Where(site => site.Tier == tier).Select(site => site.Id))
                + Lines($"acl domains-{tier} dstdomain", domains.Select(domain => $".{domain}"))
                + (domains.Count > 0 ? $"http_access deny sites-{tier} !domains-{tier}\n" : $"http_access deny sites-{tier}\n");

    private static string Lines(string prefix, IEnumerable<string> values) => string.Concat(values.Select(value => $"{prefix} {value}\n"));
}
