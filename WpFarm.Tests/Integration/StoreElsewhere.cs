using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>An S3 server that is no part of the farm, and that its containers reach by an address of this machine. Removed with its data.</summary>
internal sealed class StoreElsewhere : IAsyncDisposable
{
    private const string Name = "object-storage-elsewhere-test";
    private const string AccessKey = "farm:backup";
    private const string Tmpfs = "uid=6200,gid=6200,mode=0755";
    private const int Port = 18080;

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("wpfarm-elsewhere-");

    private StoreElsewhere() { }

    public string Endpoint { get; private set; } = "";

    /// <summary>The file with the secret key.</summary>
    public string KeyFile => Path.Combine(_files.FullName, Secret.ObjectStorageKey);

    public ObjectStoreSettings Bucket(string name) =>
        new()
        {
            Endpoint = new(Endpoint),
            Bucket = name,
            AccessKey = AccessKey,
            Region = "us-east-1",
            SecretKeyFile = KeyFile,
        };

    /// <summary>Of the image and with the configuration of the farm's own, and another key.</summary>
    public static async Task<StoreElsewhere> StartAsync(SharedFarm farm)
    {
        var store = new StoreElsewhere();
        try
        {
            await store.StartLikeAsync(farm);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        _files.Delete(recursive: true);
    }

    private async Task StartLikeAsync(SharedFarm farm)
    {
        await RemoveAsync();
        var like = (await farm.ContainersAsync("object-storage"))[0];
        var mounts = (
            await SharedFarm.DockerAsync(
                "inspect",
                "--format",
                "{{range .Mounts}}{{if eq .Type \"bind\"}}{{.Source}} {{.Destination}}{{println}}{{end}}{{end}}",
                like
            )
        )
            .Split('\n')
            .Select(line => line.Split(' '))
            .ToList();
        foreach (var (source, target) in mounts.Select(mount => (mount[0], mount[1])))
            File.Copy(source, Path.Combine(_files.FullName, Path.GetFileName(target)));
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await File.WriteAllTextAsync(KeyFile, Guid.NewGuid().ToString("N"));
        File.SetUnixFileMode(
            _files.FullName,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute
        );
        var address = BridgeAddress();
        Endpoint = $"http://{address}:{Port}";
        await SharedFarm.DockerAsync([
            "run",
            "--detach",
            "--name",
            Name,
            "--publish",
            $"{address}:{Port}:8080",
            "--tmpfs",
            $"/run/swift:size=8m,{Tmpfs}",
            "--tmpfs",
            $"/tmp:size=16m,{Tmpfs}",
            "--volume",
            $"{Name}:/srv/node/data",
            .. mounts.SelectMany(mount =>
                new[] { "--volume", $"{Path.Combine(_files.FullName, Path.GetFileName(mount[1]))}:{mount[1]}:ro" }
            ),
            await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", like),
        ]);
        using var browser = new HttpClient();
        await SharedFarm.EventuallyAsync("the store elsewhere answers", async () =>
        {
            try
            {
                return (await browser.GetAsync(new Uri($"{Endpoint}/healthcheck"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>This machine's address on the engine's default network. The engine itself tells it only once it was restarted.</summary>
    private static IPAddress BridgeAddress() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .First(network => network.Name == "docker0")
            .GetIPProperties()
            .UnicastAddresses.First(unicast => unicast.Address.AddressFamily is AddressFamily.InterNetwork)
            .Address;

    private static async Task RemoveAsync()
    {
        await SharedFarm.RunAsync("docker", ["rm", "--force", "--volumes", Name]);
        await SharedFarm.RunAsync("docker", ["volume", "rm", "--force", Name]);
    }
}
