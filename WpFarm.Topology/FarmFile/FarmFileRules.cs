using System.Text.RegularExpressions;

namespace WpFarm.Topology.FarmFile;

/// <summary>Rules beyond the types, for one key or between keys. Each rule appends every problem that it finds.</summary>
internal static partial class FarmFileRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        CheckDomain(options, problems);
        CheckTiers(options, problems);
        CheckSites(options, problems);
        CheckHostNames(options, problems);
        SiteRules.Check(options, problems);
        CheckPorts(options, problems);
        CheckCaching(options.Caching, problems);
        EdgeRules.Check(options, problems);
        AddressRules.Check(options, problems);
        CheckStorage(options, problems);
        CheckSwarm(options, problems);
        ScalingRules.Check(options, problems);
        BackupRules.Check(options, problems);
        AlertRules.Check(options, problems);
        MailRules.Check(options, problems);
        EgressRules.Check(options, problems);
    }

    private static void CheckDomain(FarmOptions options, List<FarmFileProblem> problems)
    {
        if (!HostName.TryParse(options.Domain, out _))
            problems.Add(new("domain", $"'{options.Domain}' is not a domain name. Example: farm.example.com."));
    }

    private static void CheckTiers(FarmOptions options, List<FarmFileProblem> problems)
    {
        foreach (var (name, tier) in options.Tiers)
        {
            if (!Id().IsMatch(name))
                problems.Add(new($"tiers.{name}", "is not a tier name: a lower-case letter, then up to 30 letters, digits and dashes."));
            if (tier.Replicas.Min > tier.Replicas.Max)
                problems.Add(new($"tiers.{name}.replicas", $"min {tier.Replicas.Min} is more than max {tier.Replicas.Max}."));
            var need = tier.PhpMemory.Megabytes + 64;
            if (tier.Memory.Megabytes < need)
                problems.Add(
                    new(
                        $"tiers.{name}.memory",
                        $"{tier.Memory} is too small for one PHP request of {tier.PhpMemory} (phpMemory), nginx and the opcode cache. "
                            + $"Set at least {need}M."
                    )
                );
        }
    }

    private static void CheckCaching(CachingOptions caching, List<FarmFileProblem> problems)
    {
        foreach (var (key, names) in new[] { ("ownCookies", caching.OwnCookies), ("ignoredParameters", caching.IgnoredParameters) })
            problems.AddRange(
                names
                    .Where(name => !CookieOrParameter().IsMatch(name))
                    .Select(name => new FarmFileProblem(
                        $"caching.{key}",
                        $"'{name}' is not a name. Use letters, digits, '_', '.' and '-'; a * may be at the end. Example: currency_*."
                    ))
            );
    }

    private static void CheckSites(FarmOptions options, List<FarmFileProblem> problems)
    {
        if (options.Sites.Count == 0)
            problems.Add(new("sites", "is empty: a farm needs at least one site. Leave the key out for two examples."));
        foreach (var (id, site) in options.Sites)
        {
            if (!Id().IsMatch(id))
                problems.Add(new($"sites.{id}", "is not a site id: a lower-case letter, then up to 30 letters, digits and dashes."));
            if (!options.Tiers.ContainsKey(site.Tier))
                problems.Add(
                    new(
                        $"sites.{id}.tier",
                        $"'{site.Tier}' is not a tier.{FarmFileShape.DidYouMean(site.Tier, options.Tiers.Keys)} "
                            + $"Tiers: {string.Join(", ", options.Tiers.Keys)}."
                    )
                );
        }
    }

    private static void CheckHostNames(FarmOptions options, List<FarmFileProblem> problems)
    {
        var owners = new Dictionary<string, string>();
        foreach (var (id, site) in options.Sites)
        {
            foreach (var host in site.HostsOf(id, options.Domain))
            {
                var path = site.Hosts.Count > 0 ? $"sites.{id}.hosts" : $"sites.{id}";
                if (!HostName.TryParse(host, out _))
                    problems.Add(
                        new(
                            path,
                            $"'{host}' is not a host name. Use letters, digits, dashes and dots, without scheme, port or path. "
                                + "Example: www.example.com."
                        )
                    );
                else if (!owners.TryAdd(host, id))
                    problems.Add(
                        new(
                            path,
                            owners[host] == id
                                ? $"'{HostName.Readable(host)}' is listed twice. Remove one."
                                : $"'{HostName.Readable(host)}' belongs to site '{owners[host]}' already."
                        )
                    );
            }
        }
    }

    private static void CheckPorts(FarmOptions options, List<FarmFileProblem> problems)
    {
        (string Path, int Port)[] ports =
        [
            ("edge.httpPort", options.Edge.HttpPort),
            ("edge.httpsPort", options.Edge.HttpsPort),
            ("observability.grafanaPort", options.Observability.GrafanaPort),
            ("observability.prometheusPort", options.Observability.PrometheusPort),
            ("management.orchestratorPort", options.Management.OrchestratorPort),
            ("management.portainerPort", options.Management.PortainerPort),
        ];
        foreach (var clash in ports.GroupBy(p => p.Port).Where(g => g.Count() > 1))
            problems.Add(
                new(
                    clash.Last().Path,
                    $"port {clash.Key} is used by {string.Join(" and ", clash.SkipLast(1).Select(p => p.Path))} already. Choose another."
                )
            );
    }

    private static void CheckStorage(FarmOptions options, List<FarmFileProblem> problems)
    {
        if (options.Storage.Uploads is UploadsKind.Nfs && options.Storage.UploadsDriverOptions().Count == 0)
            problems.Add(
                new("storage.nfsExport", "is needed with uploads \"nfs\". Set server and path, for example 10.0.0.5:/export/uploads.")
            );
        if (options.Storage is { Uploads: UploadsKind.Path, UploadsPath: not ['/', _, ..] })
            problems.Add(
                new(
                    "storage.uploadsPath",
                    "is needed with uploads \"path\". Set an absolute path with the same files on every node, for example /mnt/uploads."
                )
            );
    }

    private static void CheckSwarm(FarmOptions options, List<FarmFileProblem> problems)
    {
        if (options.Swarm.Nodes > 1 && options.Storage.Uploads is UploadsKind.Volume)
            problems.Add(
                new("storage.uploads", $"'volume' is on one node, but swarm.nodes is {options.Swarm.Nodes}. Set 'nfs' or 'path'.")
            );
        if (options.Swarm.Nodes > 1 && options.Registry is null)
            problems.Add(
                new(
                    "registry",
                    $"is needed when swarm.nodes is {options.Swarm.Nodes}: each node pulls the first-party images from there. "
                        + "Example: registry.example.com/wpfarm."
                )
            );
        if (!options.Swarm.IsAvailable)
            return;
        foreach (
            var name in options
                .Sites.Values.Select(site => site.Tier)
                .Distinct()
                .Where(tier => options.Tiers.TryGetValue(tier, out var found) && found.Replicas.Min < 2)
        )
            problems.Add(
                new(
                    $"tiers.{name}.replicas.min",
                    $"must be 2 or more when swarm.nodes is {options.Swarm.Nodes}: "
                        + "with one container, the loss of its node stops the tier's sites."
                )
            );
    }

    /// <summary>What the operator names: tiers, sites, receivers.</summary>
    [GeneratedRegex("^[a-z][a-z0-9-]{0,29}[a-z0-9]$|^[a-z]$")]
    internal static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+\*?$")]
    private static partial Regex CookieOrParameter();
}
