namespace WpFarm.Topology;

/// <summary>Metrics of a service that Prometheus collects. Every series gets the farm's service name as label <c>service</c>.</summary>
/// <param name="Job">Name of the job in Prometheus. Services with the same metrics share a job.</param>
/// <param name="Endpoint">Where the service listens.</param>
public sealed record Scrape(string Job, ServiceEndpoint Endpoint)
{
    public string Path { get; init; } = "/metrics";

    /// <summary>
    /// Any number of containers behind the name: DNS is asked for their addresses. Single ones are named instead, so that
    /// they are still a target, and down, when they and their name are gone.
    /// </summary>
    public bool Replicated { get; init; }

    /// <summary>The exporter that reads the service, when it does not speak Prometheus itself.</summary>
    public ServiceEndpoint? Through { get; init; }

    /// <summary>The exporter wants an address with its scheme.</summary>
    public bool NamesScheme { get; init; }
}
