using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology;

/// <summary>A named volume: data that outlives its containers.</summary>
public sealed record Volume(string Name)
{
    /// <summary>The seed's shared storage: WordPress uploads, which every pool mounts.</summary>
    public const string Uploads = "uploads";

    /// <summary>Options of Docker's <c>local</c> driver. Empty: a directory on the node.</summary>
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
