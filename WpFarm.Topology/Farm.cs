using WpFarm.Contracts.Settings;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Management;

namespace WpFarm.Topology;

/// <summary>
/// A whole farm as data: every box and edge of the seed's diagram. Hosts (Compose, Aspire, published manifests)
/// are projections of it. No host adds a service of its own.
/// </summary>
public sealed record Farm
{
    public required FarmOptions Options { get; init; }

    public required IReadOnlyList<Network> Networks { get; init; }

    public required IReadOnlyList<Volume> Volumes { get; init; }

    public required IReadOnlyList<Secret> Secrets { get; init; }

    public required IReadOnlyList<Service> Services { get; init; }

    /// <summary>Services of the design that do not run, each with the reason.</summary>
    public required IReadOnlyList<Omission> Omitted { get; init; }

    public required IReadOnlyList<Site> Sites { get; init; }

    /// <summary>Tiers that have sites. Each has a pool.</summary>
    public required IReadOnlyList<KeyValuePair<string, TierOptions>> Tiers { get; init; }

    /// <param name="options">Validated options: <see cref="FarmFileReader"/>.</param>
    /// <param name="missing">
    /// Upstream images that cannot be pulled here. Their services are left out, and the farm works without them.
    /// </param>
    public static Farm Build(FarmOptions options, IReadOnlySet<Image.Upstream>? missing = null)
    {
        var design = new FarmDesign(options, missing ?? new HashSet<Image.Upstream>());
        IReadOnlyList<Service> sites =
        [
            .. ReverseProxyLayer.Services(design),
            .. SecurityLayer.Services(design),
            .. CachingLayer.Services(design),
            .. ApplicationLayer.Services(design),
            .. DatabaseLayer.Services(design),
            .. StorageLayer.Services(design),
        ];
        IReadOnlyList<Service> management = [.. ManagementLayer.Services(design)];
        IReadOnlyList<Service> others = [.. sites, .. ObservabilityLayer.Services(design, [.. sites, .. management]), .. management];
        IReadOnlyList<Service> all = [.. others, EngineProxy.Service(design, [.. others.Select(service => service.Name)])];
        var omitted = all.Where(s => design.IsMissing(s.Image))
            .Select(s => new Omission(s, $"image {s.Image} is not on this engine and its registry cannot be reached"))
            .ToList();
        var running = Reachable(all.Where(s => !design.IsMissing(s.Image)).ToList());

        return new Farm
        {
            Options = options,
            Networks = Network.All,
            Volumes = Volume.UsedBy(running, options),
            Secrets = Secret.UsedBy(running, options),
            Services = running,
            Omitted = omitted,
            Sites = design.Sites,
            Tiers = design.Tiers,
            BackupStore = Layers.Backups.BackupStore.Of(design),
        };
    }

    /// <summary>The object store for backups. Null: this farm makes no backups.</summary>
    public required ObjectStoreSettings? BackupStore { get; init; }

    public bool MakesBackups => BackupStore is not null;

    /// <summary>The containers that serve a tier's sites.</summary>
    public Service PoolOf(string tier) => Services.Single(service => service.Name == Pool.Name(tier));

    public Service Orchestrator => Services.Single(service => service.Name == Layers.Management.Orchestrator.Name);

    public Service? Find(string nameOrAlias) =>
        Services.FirstOrDefault(s => s.Name == nameOrAlias)
        ?? Services.FirstOrDefault(s => s.Networks.Any(n => n.Aliases.Contains(nameOrAlias)));

    /// <summary>True if Prometheus evaluates a rule of this name.</summary>
    public bool HasAlert(string name) =>
        Find(Layers.Observability.Prometheus.Name) is { } prometheus
        && prometheus.Files.Any(file => file.Content.Contains($"- alert: {name}\n", StringComparison.Ordinal));

    /// <summary>Removes dependencies and calls whose target service does not run.</summary>
    private static List<Service> Reachable(List<Service> running)
    {
        var names = running.SelectMany(s => s.Networks.SelectMany(n => n.Aliases).Prepend(s.Name)).ToHashSet();
        return running.ConvertAll(s =>
            s with
            {
                DependsOn = s.DependsOn.Where(d => names.Contains(d.Service)).ToList(),
                Calls = s.Calls.Where(c => names.Contains(c.Endpoint.Host)).ToList(),
            }
        );
    }
}

/// <summary>A service of the design that does not run here, and the reason.</summary>
public sealed record Omission(Service Service, string Reason);

/// <summary>One WordPress site, resolved from farm.json.</summary>
/// <param name="Id">Stable key. The site's database, database user, cache prefix and uploads folder are named after it.</param>
/// <param name="Url">Public address of its front page, without a trailing slash.</param>
/// <param name="Hosts">All host names that lead to the site; the first is the canonical one, which answers.</param>
public sealed record Site(string Id, string Title, string Tier, string Url, IReadOnlyList<string> Hosts)
{
    /// <summary>Mail address of the first administrator, at the installation.</summary>
    public required string Owner { get; init; }

    /// <summary>Language and country at the installation, for example <c>de_DE</c>.</summary>
    public required string Locale { get; init; }

    public string Host => Hosts[0];

    /// <summary>The host names that redirect to <see cref="Host"/>.</summary>
    internal IEnumerable<string> Aliases => Hosts.Skip(1);

    /// <summary>
    /// Domains that the site may send mail from. The first is its canonical host without <c>www.</c>, from which WordPress sends.
    /// </summary>
    public required IReadOnlyList<string> MailDomains { get; init; }

    /// <summary>What the firewall in front of PHP does for it.</summary>
    public WafMode Waf { get; init; }

    /// <summary>Numbers of rules that the firewall leaves out.</summary>
    public IReadOnlyList<string> WafExcept { get; init; } = [];

    /// <summary>True: its mail is kept in the farm, although there is a relay.</summary>
    public bool CapturesMail { get; init; }

    /// <summary>Name of the database and of its user: <c>wp_</c> and the id, with underscores for dashes.</summary>
    public string Database => "wp_" + Id.Replace('-', '_');
}
