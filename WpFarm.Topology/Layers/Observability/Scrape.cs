namespace WpFarm.Topology.Layers.Observability;

/// <summary>A job of Prometheus: what it reads, and how it finds it. Every series gets the farm's service name as label <c>service</c>.</summary>
internal sealed record Scrape(string Job, int Port, params IReadOnlyList<string> Services)
{
    public string Path { get; init; } = "/metrics";

    /// <summary>
    /// Any number of containers behind each name: DNS is asked for their addresses. Single ones are named instead, so that
    /// they are still a target, and down, when they and their name are gone.
    /// </summary>
    public bool Replicated { get; init; }

    /// <summary>Address of the exporter that reads the targets, when they do not speak Prometheus themselves.</summary>
    public string? Through { get; init; }

    /// <summary>What the exporter wants before the address.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>The entry of <c>scrape_configs</c>, ready for a YAML serializer.</summary>
    public Dictionary<string, object> ToYaml()
    {
        var job = new Dictionary<string, object> { ["job_name"] = Job, ["metrics_path"] = Path };
        if (Replicated)
            job["dns_sd_configs"] = new[]
            {
                new
                {
                    names = Services,
                    type = "A",
                    port = Port,
                    refresh_interval = "5s",
                },
            };
        else
            job["static_configs"] = Services.Select(service => new
            {
                targets = new[] { $"{Scheme}{service}:{Port}" },
                labels = new { service },
            });
        if (Relabelings() is { Length: > 0 } relabelings)
            job["relabel_configs"] = relabelings;
        return job;
    }

    private object[] Relabelings() =>
        (Replicated, Through) switch
        {
            (true, _) => [new { source_labels = new[] { "__meta_dns_name" }, target_label = "service" }],
            (_, { } exporter) =>
            [
                new { source_labels = new[] { "__address__" }, target_label = "__param_target" },
                new { source_labels = new[] { "service" }, target_label = "instance" },
                new { target_label = "__address__", replacement = exporter },
            ],
            _ => [],
        };
}
