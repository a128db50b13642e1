using System.Net;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Deployment.Backups;

/// <summary>The object store with the backups of a farm of this machine, at an address that this machine itself reaches.</summary>
internal static class ReachableStore
{
    /// <exception cref="InvalidInputException">The farm makes no backups, or its object storage does not run.</exception>
    public static async Task<ObjectStoreSettings> OfAsync(Farm farm, FarmInstance instance, CancellationToken cancel)
    {
        var store = farm.BackupStore
            ?? throw new InvalidInputException(
                $"farm {instance.Name}: makes no backups. Set backups.enabled to true, with storage.objectStorage or backups.store."
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

    /// <summary>
    /// The farm's own store listens only in the farm's networks; the machine that hosts the networks reaches each container in them.
    /// </summary>
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
            // The object storage has no container.
        }

        throw new InvalidInputException(
            $"farm {instance.Name}: does not run, and its backups are in its own object storage. Start it: ./farm up --name {instance.Name}"
        );
    }
}
