using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>Rules for <c>edge</c>: TLS, its authority, and the proxies in front.</summary>
internal static class EdgeRules
{
    /// <summary>Names that no public authority issues certificates for (RFC 2606, RFC 6761, RFC 6762, ICANN's .internal).</summary>
    private static readonly string[] s_privateDomains =
    [
        "localhost",
        "local",
        "test",
        "invalid",
        "example",
        "internal",
        "lan",
        "home.arpa",
    ];

    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        CheckAccount(options.Edge, problems);
        CheckAuthority(options, problems);
        CheckProxies(options.Edge, problems);
    }

    private static void CheckAccount(EdgeOptions edge, List<FarmFileProblem> problems)
    {
        if (edge.Tls is TlsMode.LetsEncrypt && edge.Email is not { Length: > 3 })
            problems.Add(
                new("edge.email", "is needed with tls \"letsencrypt\": the authority opens the farm's account under this mail address.")
            );
        if (edge.Email is { } email && !email.Contains('@', StringComparison.Ordinal))
            problems.Add(new("edge.email", $"'{email}' is not a mail address. Example: ops@example.com."));
    }

    private static void CheckAuthority(FarmOptions options, List<FarmFileProblem> problems)
    {
        var edge = options.Edge;
        if (!Uri.TryCreate(edge.Acme.Directory, UriKind.Absolute, out var directory) || directory.Scheme != "https")
            problems.Add(
                new("edge.acme.directory", $"'{edge.Acme.Directory}' is not an https address. Leave the key out for Let's Encrypt.")
            );
        if (edge.Acme.Roots is { } roots && !roots.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            problems.Add(new("edge.acme.roots", "has no certificate in PEM: -----BEGIN CERTIFICATE----- …"));
        // A private authority has its own rules.
        if (edge.Tls is not TlsMode.LetsEncrypt || edge.Acme.Roots is not null)
            return;
        if (edge.HttpPort != 80)
            problems.Add(
                new(
                    "edge.httpPort",
                    $"is {edge.HttpPort}, but with tls \"letsencrypt\" it must be 80: "
                        + "Let's Encrypt asks for the answer to its challenge there and nowhere else."
                )
            );
        foreach (var (id, site) in options.Sites)
        foreach (var host in site.HostsOf(id, options.Domain).Where(IsPrivate))
            problems.Add(
                new(
                    site.Hosts.Count > 0 ? $"sites.{id}.hosts" : "domain",
                    $"'{HostName.Readable(host)}' is not a public name, and Let's Encrypt issues certificates for public names only. "
                        + "Use a domain that you own, or edge.tls \"local\"."
                )
            );
    }

    /// <summary>True for a name that means something on one network or machine only.</summary>
    internal static bool IsPrivate(string host) =>
        !host.Contains('.', StringComparison.Ordinal)
        || IPAddress.TryParse(host, out _)
        || s_privateDomains.Any(domain => host == domain || host.EndsWith($".{domain}", StringComparison.Ordinal));

    private static void CheckProxies(EdgeOptions edge, List<FarmFileProblem> problems)
    {
        problems.AddRange(
            edge.TrustedProxies.Where(range => !IPNetwork.TryParse(range, out _) && !IPAddress.TryParse(range, out _))
                .Select(range => new FarmFileProblem(
                    "edge.trustedProxies",
                    $"'{range}' is not an address or a CIDR range. " + "Examples: 203.0.113.7, 10.0.0.0/24, 2001:db8::/64."
                ))
        );
        problems.AddRange(
            edge.TrustedProxies.Where(range => IPNetwork.TryParse(range, out var network) && network.PrefixLength == 0)
                .Select(range => new FarmFileProblem(
                    "edge.trustedProxies",
                    $"'{range}' is everybody: any visitor could choose the address that the farm sees. Name the proxies' own addresses."
                ))
        );
    }
}
