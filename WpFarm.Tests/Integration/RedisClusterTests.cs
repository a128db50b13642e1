using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Six nodes of the farm's image on a network of their own, made anew on another network, so that every address changes.</summary>
[Integration(Stage.Reads)]
[Long]
[Collection(SharedFarm.Collection)]
public sealed class RedisClusterTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Name = "wpfarm-redis-test";

    private static readonly string[] s_nodes = [.. Enumerable.Range(1, 6).Select(number => $"redis-{number}")];

    private string _image = "";
    private string _configuration = "";

    public async ValueTask InitializeAsync()
    {
        await Remove(volumes: true);
        var container = (await farm.Containers("redis-1"))[0];
        _image = await SharedFarm.Docker("inspect", "--format", "{{.Config.Image}}", container);
        _configuration = await SharedFarm.Docker(
            "inspect", "--format", "{{range .Mounts}}{{if eq .Destination \"/etc/redis/redis.conf\"}}{{.Source}}{{end}}{{end}}", container);
    }

    public async ValueTask DisposeAsync() => await Remove(volumes: true);

    [Fact]
    public async Task A_replica_that_starts_long_before_its_master_finds_it_at_its_new_address()
    {
        await SharedFarm.Docker("network", "create", Name);
        await Start(s_nodes);
        await IsWhole();
        await Remove(volumes: false);
        // Another network than the one before, even where the engine would give the same addresses again.
        await SharedFarm.Docker("network", "create", $"{Name}-between");
        await SharedFarm.Docker("network", "create", Name);
        await Start("redis-5");
        await SharedFarm.Eventually("it misses the others", async () =>
            (await Redis("redis-5", "cluster", "nodes")).Contains("fail?", StringComparison.Ordinal));

        await Start([.. s_nodes.Where(node => node != "redis-5")]);

        await IsWhole();
        Assert.Contains("master_link_status:up", await Redis("redis-5", "info", "replication"), StringComparison.Ordinal);
    }

    private Task Start(params string[] nodes) => Task.WhenAll(nodes.Select(async node =>
    {
        await SharedFarm.Docker(
            "run", "--detach", "--name", $"{Name}-{node}", "--network", Name, "--network-alias", node,
            "--volume", $"{Name}-{node}:/data", "--volume", $"{_configuration}:/etc/redis/redis.conf:ro", _image, "redis-node", node);
        await SharedFarm.Eventually($"{node} answers", async () => await Redis(node, "ping") == "PONG");
    }));

    /// <summary>What the farm's job does.</summary>
    private async Task IsWhole() =>
        Assert.EndsWith(
            "is whole",
            await SharedFarm.Docker(["run", "--rm", "--network", Name, _image, "redis-cluster", .. s_nodes]),
            StringComparison.Ordinal);

    private static async Task<string> Redis(string node, params string[] command) =>
        (await SharedFarm.Run("docker", ["exec", $"{Name}-{node}", "redis-cli", .. command])).Output.Trim();

    private static async Task Remove(bool volumes)
    {
        await SharedFarm.Run("docker", ["rm", "--force", .. s_nodes.Select(node => $"{Name}-{node}")]);
        await SharedFarm.Run("docker", ["network", "rm", Name]);
        await SharedFarm.Run("docker", ["network", "rm", $"{Name}-between"]);
        if (volumes)
            await SharedFarm.Run("docker", ["volume", "rm", "--force", .. s_nodes.Select(node => $"{Name}-{node}")]);
    }
}
