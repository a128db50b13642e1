using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// Creates the farm's volumes before Aspire mounts them, because Aspire knows only their names. They need the driver's options, and
/// labels: by these <c>./farm down --volumes --name aspire</c> finds them, and a start with other secrets is refused.
/// </summary>
internal static class FarmVolumes
{
    /// <summary>Leaves existing volumes as they are.</summary>
    public static async Task CreateAsync(Farm farm, FarmInstance instance, SecretStore secrets, DockerClient engine)
    {
        var labels = new Dictionary<string, string>
        {
            [ComposeLabels.Farm] = instance.Project,
            [ComposeLabels.Secrets] = secrets.Fingerprint()!,
        };
        foreach (var volume in farm.Volumes)
            await engine.Volumes.CreateAsync(
                new VolumesCreateParameters
                {
                    Name = instance.VolumeName(volume.Name),
                    Driver = "local",
                    DriverOpts = new Dictionary<string, string>(volume.DriverOptions),
                    Labels = labels,
                }
            );
    }
}
