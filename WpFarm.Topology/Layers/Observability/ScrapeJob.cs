namespace WpFarm.Topology.Layers.Observability;

/// <summary>A Prometheus job: the scrapes of all services that declare it. They differ only in the host of their endpoint.</summary>
internal sealed record ScrapeJob(IReadOnlyList<Scrape> Scrapes)
{
    /// <summary>The entry in <c>scrape_configs</c>, for a YAML serializer.</summary>
    public Dictionary<string, object> ToYaml()
    {
        var first = Scrapes[0];
        var job = new Dictionary<string, object> { ["job_name"] = first.Job, ["metrics_path"] = first.Path };
        if (first.Replicated)
            job["dns_sd_configs"] = new[]
            {
                new
                {
                    names = Scrapes.Select(scrape => scrape.Endpoint.Host),
                    type = "A",
                    port = first.Endpoint.Port,
                    refresh_interval = "5s",
                },
            };
        else
            job["static_configs"] = Scrapes.Select(scrape => new
            {
                targets = new[] { scrape.NamesScheme ? scrape.Endpoint.Address : scrape.Endpoint.HostAndPort },
                labels = new { service = scrape.Endpoint.Host },
            });
        if (Relabelings(first) is { Length: > 0 } relabelings)
            job["relabel_configs"] = relabelings;
        return job;
    }

    private static object[] Relabelings(Scrape scrape) =>
        (scrape.Replicated, scrape.Through) switch
        {
            (true, _) => [new { source_labels = new[] { "__meta_dns_name" }, target_label = "service" }],
            (_, { } exporter) =>
            [
                new { source_labels = new[] { "__address__" }, target_label = "__param_target" },
                new { source_labels = new[] { "service" }, target_label = "instance" },
                new { target_label = "__address__", replacement = exporter.HostAndPort },
            ],
            _ => [],
        };
}
