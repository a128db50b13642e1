using FsCheck.Xunit;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Tests.Topology.Layers.Observability;

[Properties(Arbitrary = [typeof(FarmGenerator)], MaxTest = 100)]
public sealed class ScrapeTests
{
    [Generated]
    public void Prometheus_reads_only_what_the_farm_has_and_on_a_network_that_both_are_on(Farm farm)
    {
        var missing = farm.Omitted.Select(omission => omission.Service.Image).OfType<Image.Upstream>().ToHashSet();
        if (farm.Find(Prometheus.Name) is null)
            return;

        foreach (var scrape in Prometheus.Scrapes(new FarmDesign(farm.Options, missing)))
        {
            var reader = farm.Find(scrape.Through?.Split(':')[0] ?? Prometheus.Name)!;
            Assert.All(scrape.Services, name =>
            {
                var service = farm.Find(name);
                Assert.NotNull(service);
                Assert.Contains(service.Networks, network => reader.IsOn(network.Network));
            });
        }
    }
}
