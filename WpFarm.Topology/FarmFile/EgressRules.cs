using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>What the sites may ask of the internet.</summary>
internal static class EgressRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        problems.AddRange(
            options
                .Egress.Private.Where(range => !IPNetwork.TryParse(range, out _) && !IPAddress.TryParse(range, out _))
                .Select(range => new FarmFileProblem(
                    "egress.private",
                    $"'{range}' is no address and no range. Examples: 10.0.5.7, 10.0.5.0/24."
                ))
        );
        foreach (var (name, tier) in options.Tiers)
            problems.AddRange(
                (tier.Egress ?? [])
                    .Where(domain => !HostName.TryParse(domain, out _))
                    .Select(domain => new FarmFileProblem(
                        $"tiers.{name}.egress",
                        $"'{domain}' is not a domain name. Write it without scheme, port or *: what is below it is meant too. "
                            + "Example: stripe.com."
                    ))
            );
    }
}
