using System.Globalization;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Six nodes of the farm's image on a network of their own, re-created on another network, so that every address changes.
/// </summary>
[Integration(Stage.Reads)]
[Long]
[Collection(SharedFarm.Collection)]
public sealed class RedisClusterTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Name = "wpfarm-redis-test";

    private static readonly string[] s_nodes = [.. Enumerable.Range(1, 6).Select(number => $"redis-{number}")];

    private string _image = "";
    private string _configuration = "";

    private string Secret => farm.Secrets.PathOf("redis-password");

    public async ValueTask InitializeAsync()
    {
        await RemoveAsync(volumes: true);
        var container = (await farm.ContainersAsync("redis-1"))[0];
        _image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", container);
        _configuration = await SharedFarm.DockerAsync(
            "inspect",
            "--format",
            "{{range .Mounts}}{{if eq .Destination \"/etc/redis/redis.conf\"}}{{.Source}}{{end}}{{end}}",
            container
        );
    }

    public async ValueTask DisposeAsync() => await RemoveAsync(volumes: true);

    [Fact]
    public async Task A_replica_that_starts_long_before_its_master_finds_it_at_its_new_address()
    {
        await SharedFarm.DockerAsync("network", "create", Name);
        await StartAsync(s_nodes);
        await IsWholeAsync();
        await RemoveAsync(volumes: false);
        // On another network than before, even if the engine would assign the same addresses again.
        await SharedFarm.DockerAsync("network", "create", $"{Name}-between");
        await SharedFarm.DockerAsync("network", "create", Name);
        await StartAsync("redis-5");
        await SharedFarm.EventuallyAsync("it misses the others", async () =>
            (await RedisAsync("redis-5", "cluster", "nodes")).Contains("fail?", StringComparison.Ordinal)
        );

        await StartAsync([.. s_nodes.Where(node => node != "redis-5")]);

        await IsWholeAsync();
        Assert.Contains("master_link_status:up", await RedisAsync("redis-5", "info", "replication"), StringComparison.Ordinal);
    }

    /// <summary>Redis itself keeps connecting to the former address for ever, whichever container has it now.</summary>
    [Fact]
    public async Task A_replica_follows_its_master_when_somebody_else_has_got_the_address_of_before()
    {
        await FormsAsync();
        var master = await MasterOfAsync("redis-4");
        await SharedFarm.DockerAsync(["kill", .. new[] { "redis-1", "redis-2" }.Select(node => $"{Name}-{node}")]);
        await SharedFarm.DockerAsync("run", "--detach", "--name", $"{Name}-thief-1", "--network", Name, _image, "sleep", "600");
        await SharedFarm.DockerAsync("run", "--detach", "--name", $"{Name}-thief-2", "--network", Name, _image, "sleep", "600");

        await SharedFarm.DockerAsync(["start", .. new[] { "redis-2", "redis-1" }.Select(node => $"{Name}-{node}")]);

        await SharedFarm.EventuallyAsync("every replica has its master again", async () =>
        {
            foreach (var node in s_nodes)
                if (
                    (await RedisAsync(node, "info", "replication")) is var seen
                    && seen.Contains("role:slave", StringComparison.Ordinal)
                    && !seen.Contains("master_link_status:up", StringComparison.Ordinal)
                )
                    return false;
            return (await RedisAsync("redis-3", "cluster", "info")).Contains("cluster_slots_ok:16384", StringComparison.Ordinal);
        });
        Assert.NotEqual(master, await MasterOfAsync("redis-4"));
    }

    /// <summary>The node has old data: sites would read values again that they have changed since.</summary>
    [Fact]
    public async Task A_replica_that_has_heard_nothing_of_its_master_for_long_does_not_take_its_place()
    {
        await FormsAsync();
        await RedisAsync("redis-4", "config", "set", "masterauth", "wrong");
        await RedisAsync("redis-4", "client", "kill", "type", "master");
        await SharedFarm.EventuallyAsync("its copy is too old", async () =>
            DownSince(await RedisAsync("redis-4", "info", "replication")) > 31
        );

        await SharedFarm.DockerAsync("kill", $"{Name}-redis-1");
        await SharedFarm.EventuallyAsync("the others know", async () =>
            (await RedisAsync("redis-2", "cluster", "nodes"))
                .Split('\n')
                .Any(line => line.Contains(",redis-1", StringComparison.Ordinal) && line.Contains("master,fail ", StringComparison.Ordinal))
        );
        await SharedFarm.DockerAsync("start", $"{Name}-redis-1");

        await SharedFarm.EventuallyAsync("all slots are served", async () =>
            (await RedisAsync("redis-3", "cluster", "info")).Contains("cluster_slots_ok:16384", StringComparison.Ordinal)
        );
        Assert.Contains("role:slave", await RedisAsync("redis-4", "info", "replication"), StringComparison.Ordinal);
        Assert.Contains("role:master", await RedisAsync("redis-1", "info", "replication"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_password_is_turned_away()
    {
        await FormsAsync();

        Assert.Contains(
            "NOAUTH",
            (await SharedFarm.RunAsync("docker", ["exec", $"{Name}-redis-1", "redis-cli", "info"])).Output,
            StringComparison.Ordinal
        );
    }

    private async Task FormsAsync()
    {
        await SharedFarm.DockerAsync("network", "create", Name);
        await StartAsync(s_nodes);
        await IsWholeAsync();
    }

    private static async Task<string> MasterOfAsync(string node) =>
        (await RedisAsync(node, "info", "replication"))
            .Split('\n')
            .Single(line => line.StartsWith("master_host:", StringComparison.Ordinal))
            .Trim();

    private static int DownSince(string replication) =>
        replication.Split('\n').FirstOrDefault(line => line.StartsWith("master_link_down_since_seconds:", StringComparison.Ordinal))
            is { } line
            ? int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)
            : 0;

    private Task StartAsync(params string[] nodes) =>
        Task.WhenAll(
            nodes.Select(async node =>
            {
                await SharedFarm.DockerAsync(
                    "run",
                    "--detach",
                    "--name",
                    $"{Name}-{node}",
                    "--network",
                    Name,
                    "--network-alias",
                    node,
                    "--volume",
                    $"{Name}-{node}:/data",
                    "--volume",
                    $"{_configuration}:/etc/redis/redis.conf:ro",
                    "--volume",
                    $"{Secret}:/run/secrets/redis-password:ro",
                    _image,
                    "redis-node",
                    node
                );
                await SharedFarm.EventuallyAsync($"{node} answers", async () => await RedisAsync(node, "ping") == "PONG");
            })
        );

    /// <summary>Runs the same commands as the farm's job.</summary>
    private async Task IsWholeAsync() =>
        Assert.EndsWith(
            "is whole",
            await SharedFarm.DockerAsync([
                "run",
                "--rm",
                "--network",
                Name,
                "--volume",
                $"{Secret}:/run/secrets/redis-password:ro",
                _image,
                "redis-cluster",
                .. s_nodes,
            ]),
            StringComparison.Ordinal
        );

    private static async Task<string> RedisAsync(string node, params string[] command) =>
        (await SharedFarm.RunAsync("docker", ["exec", $"{Name}-{node}", "farm-redis", .. command])).Output.Trim();

    private static async Task RemoveAsync(bool volumes)
    {
        await SharedFarm.RunAsync(
            "docker",
            ["rm", "--force", $"{Name}-thief-1", $"{Name}-thief-2", .. s_nodes.Select(node => $"{Name}-{node}")]
        );
        await SharedFarm.RunAsync("docker", ["network", "rm", Name]);
        await SharedFarm.RunAsync("docker", ["network", "rm", $"{Name}-between"]);
        if (volumes)
            await SharedFarm.RunAsync("docker", ["volume", "rm", "--force", .. s_nodes.Select(node => $"{Name}-{node}")]);
    }
}
