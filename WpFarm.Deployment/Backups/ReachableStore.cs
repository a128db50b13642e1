using System.Net;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Deployment.Backups;

/// <summary>Where a farm of this machine keeps its backups, as this machine itself reaches it.</summary>
internal static class ReachableStore
{
    /// <exception cref="InvalidInputException">The farm makes no backups, or its object storage does not run.</exception>
    public static async Task<ObjectStoreSettings> OfAsync(Farm farm, FarmInstance instance, CancellationToken cancel)
    {
        var store = farm.BackupStore
            ?? throw new InvalidInputException(
                $"farm {instance.Name}: makes no backups: backups.enabled is false, or it has no object storage (storage.objectStorage)."
            );
        return new()
        {
            Endpoint = store.IsOwn() ? await OwnAsync(store.Endpoint, instance, cancel) : store.Endpoint,
            Bucket = store.Bucket,
            AccessKey = store.AccessKey,
            Region = store.Region,
            SecretKeyFile = instance.SecretsWith(store.KeySecret()).PathOf(store.KeySecret()),
        };
    }

    /// <summary>It listens in the farm's networks alone; the machine that they are on reaches each container in them.</summary>
    private static async Task<Uri> OwnAsync(Uri inside, FarmInstance instance, CancellationToken cancel)
    {
        try
        {
            if (
                IPAddress.TryParse(
                    await new ComposeContainers(instance).AddressAsync(inside.Host, Network.Management, cancel),
                    out var address
                )
            )
                return new UriBuilder(inside) { Host = address.ToString() }.Uri;
        }
        catch (OperationFailedException)
        {
            // It has no container.
        }

        throw new InvalidInputException(
            $"farm {instance.Name}: does not run, and its own object storage has its backups. Start it: ./farm up --name {instance.Name}"
        );
    }
}
