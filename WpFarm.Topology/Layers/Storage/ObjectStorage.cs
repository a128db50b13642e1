using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Storage;

/// <summary>
/// S3 for the backups, on the management network only. Two servers are possible, so clients may use plain S3 only:
/// no conditional writes, tags, policies or lifecycle rules.
/// </summary>
internal static class ObjectStorage
{
    public const string Name = "object-storage";
    public const int Port = 8080;

    public static ServiceEndpoint S3 => ServiceEndpoint.Http(Name, Port);

    /// <summary>The access key whose secret key is <see cref="Secret.ObjectStorageKey"/>.</summary>
    public const string AccessKey = "farm:backup";

    private const int SwiftUid = 6200;
    private const string MinioUserFile = "/etc/farm/access-key";

    public static IEnumerable<Service> Services(FarmDesign farm) =>
        farm.Options.Storage.ObjectStorage switch
        {
            ObjectStorageKind.Swift => [Swift],
            ObjectStorageKind.Minio => [Minio],
            _ => [],
        };

    public static bool IsIn(FarmDesign farm) => Services(farm).Any(service => !farm.IsMissing(service.Image));

    private static Service Swift { get; } =
        Service(new Image.FirstParty("swift"), "S3 for backups (OpenStack Swift)") with
        {
            Files =
            [
                new("/etc/farm/swift.conf", Embedded.Text("Storage/swift.conf")),
                new("/etc/farm/proxy-server.conf", Embedded.Text("Storage/proxy-server.conf")),
                .. new[] { "account-server.conf", "container-server.conf", "object-server.conf" }.Select(file => new MountedFile(
                    $"/etc/swift/{file}",
                    Embedded.Text($"Storage/{file}")
                )),
            ],
            Secrets = [Secret.ObjectStorageKey, Secret.ObjectStorageHashSuffix],
            Mounts = [new(Name, "/srv/node/data")],
            Tmpfs =
            [
                new("/run/swift", ByteSize.MB(8)) { Uid = SwiftUid, Gid = SwiftUid },
                new("/tmp", ByteSize.MB(16)) { Uid = SwiftUid, Gid = SwiftUid },
            ],
            Health = HttpCheck.Of(Port, "/healthcheck"),
        };

    /// <summary>Neither server can read the other's data: after a change of the kind, the store is empty.</summary>
    private static Service Minio { get; } =
        Service(UpstreamImages.MinIO, "S3 for backups (MinIO)") with
        {
            Command = ["server", "/data", "--address", $":{Port}", "--certs-dir", "/tmp"],
            Files = [new(MinioUserFile, AccessKey)],
            Environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                // The image's entrypoint reads the password from a file only if it also reads the user name from one.
                ["MINIO_ROOT_USER_FILE"] = MinioUserFile,
                ["MINIO_ROOT_PASSWORD_FILE"] = $"/run/secrets/{Secret.ObjectStorageKey}",
                ["MINIO_BROWSER"] = "off",
                ["MINIO_UPDATE"] = "off",
            },
            Secrets = [Secret.ObjectStorageKey],
            Mounts = [new("object-storage-minio", "/data")],
            Tmpfs = [new("/tmp", ByteSize.MB(16))],
            RootReason = "the image has no other user, and its volume belongs to root",
            Health = new HealthCheck("curl", "-fsS", "-o", "/dev/null", $"http://127.0.0.1:{Port}/minio/health/live"),
        };

    private static Service Service(Image image, string description) =>
        new()
        {
            Name = Name,
            Layer = Layer.Storage,
            Description = description,
            Image = image,
            Kind = ServiceKind.Stateful,
            Networks = [Network.Management],
            Limits = new(Cpus: 1, ByteSize.MB(384)),
            Placement = new() { Role = NodeRole.Storage },
            // Running uploads finish, or the client repeats them.
            StopGrace = TimeSpan.FromSeconds(15),
        };
}
