using WpFarm.Contracts.Settings;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology.Layers.Backups;

/// <summary>
/// The agent that makes incremental, deduplicated snapshots of the uploads and restores from them. The Orchestrator decides when it makes
/// one, and which are kept.
/// </summary>
internal static class UploadsBackup
{
    public const string Name = "uploads-backup";
    public const int Port = 9301;

    public static ServiceEndpoint Agent => ServiceEndpoint.Http(Name, Port);

    public static bool RunsIn(FarmDesign farm) => farm.Options.Backups.Uploads.Enabled && BackupStore.Of(farm) is not null;

    public static IEnumerable<Service> Services(FarmDesign farm) =>
        RunsIn(farm) ? [Service(farm.Options.Backups.Uploads, BackupStore.Of(farm)!)] : [];

    private static Service Service(UploadsBackupOptions options, ObjectStoreSettings store) =>
        new()
        {
            Name = Name,
            Layer = Layer.Storage,
            Description = "Snapshots of the uploads (restic)",
            Image = new Image.FirstParty("uploads-backup"),
            // An update must stop the old one first: two at a time would wait for each other's restic locks.
            Kind = ServiceKind.Stateful,
            Files = [new(UploadsAgentSettings.Path, SettingsJson.Write(Settings(options, store)))],
            Secrets = [Secret.BackupKey, Secret.BackupAgentKey, store.KeySecret()],
            Networks = [Network.Management],
            Mounts = [new(Volume.Uploads, WordPress.UploadsPath)],
            Tmpfs =
            [
                // restic buffers packs of 16 MB, several at a time, on their way to the store.
                new("/tmp", ByteSize.MB(192)),
                new("/run/uploads-backup", ByteSize.MB(1)),
            ],
            RootReason = "each site's uploads belong to a user of the site's own",
            Capabilities =
            [
                new("CHOWN", "gives restored files to the site's user"),
                new("DAC_OVERRIDE", "reads and restores every site's uploads"),
                new("FOWNER", "restores the modes and times of the sites' files"),
                new("FSETID", "restores the folders whose new files get nginx's group"),
            ],
            Health = HttpCheck.Of(Port, "/healthz"),
            Calls = [new(ObjectStorage.S3, CallKind.Data, "snapshots")],
            Limits = new(Cpus: 1, ByteSize.MB(512)),
            Placement = new() { Role = NodeRole.Storage },
            // Time for restic to remove its lock.
            StopGrace = TimeSpan.FromSeconds(30),
        };

    private static UploadsAgentSettings Settings(UploadsBackupOptions options, ObjectStoreSettings store) =>
        new()
        {
            Name = Name,
            Repository = $"s3:{store.Endpoint.OriginalString}/{store.Bucket}/{BackupStore.UploadsFolder.TrimEnd('/')}",
            AccessKey = store.AccessKey,
            Region = store.Region,
            StoreKey = store.KeySecret(),
            UploadLimit = options.MegabytesPerSecond * 1024,
        };
}
