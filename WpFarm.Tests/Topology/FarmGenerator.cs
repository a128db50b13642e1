using FsCheck;
using FsCheck.Fluent;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

/// <summary>Generates random valid farms: sites, tiers, sizes, storage, and any set of images that cannot be pulled.</summary>
public static class FarmGenerator
{
    public static Arbitrary<Farm> Farms() =>
        Arb.From(
            from options in Options()
            from missing in Gen.SubListOf(UpstreamImages.All.AsEnumerable())
            select Farm.Build(options, missing.ToHashSet())
        );

    private static Gen<FarmOptions> Options() =>
        from tierCount in Gen.Choose(1, 4)
        from tiers in Gen.ListOf(Tier(), tierCount)
        from siteCount in Gen.Choose(1, 30)
        from sites in Gen.ListOf(Site(tierCount), siteCount)
        from replicas in Gen.Choose(0, 8)
        from proxy in Gen.Elements(Enum.GetValues<DatabaseProxy>())
        from tls in Gen.Elements(Enum.GetValues<TlsMode>())
        from storage in Gen.Elements(Enum.GetValues<ObjectStorageKind>())
        from observed in Gen.Elements(true, false)
        from drilled in Gen.Elements(true, false)
        select new FarmOptions
        {
            Tiers = tiers.Index().ToDictionary(t => $"tier{t.Index}", t => t.Item),
            Sites = sites.Index().ToDictionary(s => $"site{s.Index}", s => s.Item),
            Database = new DatabaseOptions { ReadReplicas = replicas, Proxy = proxy },
            Edge = new EdgeOptions { Tls = tls, Email = "ops@example.com" },
            Storage = new StorageOptions { ObjectStorage = storage },
            Observability = new ObservabilityOptions { Enabled = observed },
            Backups = new BackupOptions { Drill = new DrillOptions { Enabled = drilled } },
        };

    private static Gen<TierOptions> Tier() =>
        from min in Gen.Choose(1, 5)
        from more in Gen.Choose(0, 5)
        from workers in Gen.Choose(2, 64)
        select new TierOptions
        {
            Replicas = new ReplicaOptions { Min = min, Max = min + more },
            Workers = workers,
        };

    private static Gen<SiteOptions> Site(int tiers) =>
        from tier in Gen.Choose(0, tiers - 1)
        from title in Gen.Elements("Plain", "It's \"quoted\" \\ and $odd", "Ünïcode ☃")
        select new SiteOptions { Tier = $"tier{tier}", Title = title };
}
