using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology;

/// <summary>A named volume: data that outlives its containers.</summary>
public sealed record Volume(string Name)
{
    /// <summary>The shared storage box of the seed: WordPress uploads, seen by every pool.</summary>
    public const string Uploads = "uploads";

    /// <summary>Options of Docker's <c>local</c> driver; empty is a plain directory on the node.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();

    internal static IReadOnlyList<Volume> UsedBy(IReadOnlyList<Service> services, FarmOptions options) =>
        services
            .SelectMany(s => s.Mounts)
            .Where(mount => !mount.HostPath)
            .Select(mount => mount.Source)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => new Volume(name)
            {
                DriverOptions = name == Uploads ? options.Storage.UploadsDriverOptions() : new Dictionary<string, string>(),
            })
            .ToList();
}
