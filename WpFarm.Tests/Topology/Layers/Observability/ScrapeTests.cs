using FsCheck.Xunit;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Tests.Topology.Layers.Observability;

[Properties(Arbitrary = [typeof(FarmGenerator)], MaxTest = 100)]
public sealed class ScrapeTests
{
    [Generated]
    public void Prometheus_reads_every_service_that_declares_metrics_on_a_network_that_both_are_on(Farm farm)
    {
        if (farm.Find(Prometheus.Name) is not { } prometheus)
            return;

        Assert.All(farm.Services, service => Assert.All(service.Scrapes, scrape =>
            {
                Assert.Equal(service.Name, scrape.Endpoint.Host);
                var reader = scrape.Through is { } exporter ? farm.Find(exporter.Host)! : prometheus;
                Assert.Contains(service.Networks, network => reader.IsOn(network.Network));
                Assert.True(
                    reader == service || reader.Calls.Any(call => call.Endpoint == scrape.Endpoint),
                    $"{reader.Name} → {service.Name}"
                );
                Assert.Contains($"- job_name: {scrape.Job}\n", Jobs(prometheus), StringComparison.Ordinal);
            }));
    }

    [Generated]
    public void Prometheus_reads_nothing_that_the_farm_does_not_have(Farm farm)
    {
        if (farm.Find(Prometheus.Name) is not { } prometheus)
            return;
        var declared = farm.Services.SelectMany(service => service.Scrapes).Select(scrape => scrape.Job).Distinct();

        Assert.Equal(declared.Count(), Jobs(prometheus).Split("- job_name: ").Length - 1);
        Assert.All(prometheus.Calls, call => Assert.NotNull(farm.Find(call.Endpoint.Host)));
    }

    [Generated]
    public void The_scrapes_of_a_job_differ_by_their_host_alone(Farm farm)
    {
        var jobs = farm.Services.SelectMany(service => service.Scrapes).GroupBy(scrape => scrape.Job);

        Assert.All(jobs, job =>
            Assert.Single(job.Select(scrape => scrape with { Endpoint = scrape.Endpoint with { Host = "" } }).Distinct())
        );
    }

    private static string Jobs(Service prometheus) =>
        prometheus.Files.Single(file => file.Path.EndsWith("/scrapes.yml", StringComparison.Ordinal)).Content;
}
