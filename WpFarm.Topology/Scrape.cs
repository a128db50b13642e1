namespace WpFarm.Topology;

/// <summary>Metrics of a service that Prometheus collects. Every series gets the service's name as the label <c>service</c>.</summary>
/// <param name="Job">Name of the Prometheus job. Services with the same metrics share a job.</param>
/// <param name="Endpoint">Where the service listens.</param>
public sealed record Scrape(string Job, ServiceEndpoint Endpoint)
{
    public string Path { get; init; } = "/metrics";

    /// <summary>
    /// True: several containers share the name, and Prometheus asks DNS for their addresses. False: the target is the name itself, so that
    /// the target remains, and counts as down, when the container and its name are gone.
    /// </summary>
    public bool Replicated { get; init; }

    /// <summary>The exporter that reads the service. Null: the service itself has Prometheus metrics.</summary>
    public ServiceEndpoint? Through { get; init; }

    /// <summary>True: the exporter expects the address with its scheme.</summary>
    public bool NamesScheme { get; init; }
}
