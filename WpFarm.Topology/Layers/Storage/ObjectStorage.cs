using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Storage;

/// <summary>
/// An S3 for backups. First-party is OpenStack Swift on one device with one copy: right for one box, and for tests. MinIO is
/// its last published image. A farm that matters keeps its backups in an S3 elsewhere.
/// </summary>
internal static class ObjectStorage
{
    public const string Name = "object-storage";
    public const int Port = 8080;

    private const int SwiftUid = 6200;
    private const int MinioPort = 9000;

    public static IEnumerable<Service> Services(FarmDesign farm) => farm.Options.Storage.ObjectStorage switch
    {
        ObjectStorageKind.Swift => [Swift()],
        ObjectStorageKind.Minio => [Minio()],
        _ => [],
    };

    private static Service Swift() => new()
    {
        Name = Name,
        Layer = Layer.Storage,
        Description = "S3 object storage for backups",
        Image = new Image.FirstParty("swift"),
        Kind = ServiceKind.Stateful,
        Files =
        [
            // The entrypoint puts the secrets into copies of the first two, in memory.
            .. new[] { "swift", "proxy-server" }.Select(name => Configuration("/etc/farm", name)),
            .. new[] { "account-server", "container-server", "object-server" }.Select(name => Configuration("/etc/swift", name)),
        ],
        Secrets = [Secret.ObjectStorageKey, Secret.ObjectStorageHashSuffix],
        Networks = [Network.Management],
        Mounts = [new(Name, "/srv/node/data")],
        Tmpfs =
        [
            new("/run/swift", ByteSize.MB(1)) { Uid = SwiftUid, Gid = SwiftUid },
            new("/tmp", ByteSize.MB(16)) { Uid = SwiftUid, Gid = SwiftUid },
            new("/var/cache/swift", ByteSize.MB(8)) { Uid = SwiftUid, Gid = SwiftUid },
        ],
        Health = HttpCheck.Of(Port, "/healthcheck"),
        Limits = new(Cpus: 1, ByteSize.MB(384)),
        Placement = new() { Role = "storage" },
        StopGrace = TimeSpan.FromSeconds(15),
    };

    private static MountedFile Configuration(string folder, string name) => new($"{folder}/{name}.conf", Embedded.Text($"Storage/{name}.conf"));

    private static Service Minio() => new()
    {
        Name = Name,
        Layer = Layer.Storage,
        Description = "S3 object storage for backups",
        Image = UpstreamImages.MinIO,
        Kind = ServiceKind.Stateful,
        Command = ["server", "/data", "--address", $":{MinioPort}"],
        Environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["MINIO_BROWSER"] = "off",
            ["MINIO_ROOT_PASSWORD_FILE"] = $"/run/secrets/{Secret.ObjectStorageKey}",
            ["MINIO_ROOT_USER"] = "farm",
        },
        Secrets = [Secret.ObjectStorageKey],
        Networks = [Network.Management],
        Mounts = [new(Name, "/data")],
        Tmpfs = [new("/tmp", ByteSize.MB(64))],
        Health = new HealthCheck("mc", "ready", "local"),
        Limits = new(Cpus: 1, ByteSize.MB(512)),
        Placement = new() { Role = "storage" },
    };
}
