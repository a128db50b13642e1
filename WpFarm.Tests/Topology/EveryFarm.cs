using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology;

/// <summary>Farms that together have every service of the model, for what must hold for each of them.</summary>
internal static class EveryFarm
{
    public static IReadOnlyDictionary<string, Farm> ByName { get; } =
        new Dictionary<string, Farm>
        {
            ["one box"] = TestFarms.OneBox,
            ["scaled by load, with certificates"] = Farm.Build(
                new()
                {
                    Edge = new() { Tls = TlsMode.Local },
                    Tiers = TierOptions.Defaults.ToDictionary(
                        tier => tier.Key,
                        tier => tier.Value with { Scaling = new() { Enabled = true } }
                    ),
                }
            ),
            ["what is off by default"] = Farm.Build(
                new()
                {
                    Management = new() { Portainer = true },
                    Observability = new() { Cadvisor = true },
                    Database = new() { Proxy = DatabaseProxy.ProxySql },
                    Storage = new() { ObjectStorage = ObjectStorageKind.Minio },
                }
            ),
            ["own images only"] = Farm.Build(new(), UpstreamImages.All.ToHashSet()),
            ["15 nodes"] = TestFarms.OnNodes(15, sites: 40),
        };

    public static TheoryData<string> Names { get; } = [.. ByName.Keys];

    /// <summary>Each service of the model once for each image that it can have.</summary>
    public static IReadOnlyList<Service> Services { get; } =
    [
        .. ByName
            .Values.SelectMany(farm => farm.Services)
            .DistinctBy(service => (service.Name, service.Image))
            .OrderBy(service => service.Layer)
            .ThenBy(service => service.Name, StringComparer.Ordinal),
    ];
}
