using System.Globalization;
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

    private string Secret => farm.Secrets.PathOf("redis-password");

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

    /// <summary>Redis itself goes on asking the address of before for ever, whoever has it by now.</summary>
    [Fact]
    public async Task A_replica_follows_its_master_when_somebody_else_has_got_the_address_of_before()
    {
        await Forms();
        var master = await MasterOf("redis-4");
        await SharedFarm.Docker(["kill", .. new[] { "redis-1", "redis-2" }.Select(node => $"{Name}-{node}")]);
        await SharedFarm.Docker("run", "--detach", "--name", $"{Name}-thief-1", "--network", Name, _image, "sleep", "600");
        await SharedFarm.Docker("run", "--detach", "--name", $"{Name}-thief-2", "--network", Name, _image, "sleep", "600");

        await SharedFarm.Docker(["start", .. new[] { "redis-2", "redis-1" }.Select(node => $"{Name}-{node}")]);

        await SharedFarm.Eventually("every replica has its master again", async () =>
        {
            foreach (var node in s_nodes)
                if ((await Redis(node, "info", "replication")) is var seen && seen.Contains("role:slave", StringComparison.Ordinal) && !seen.Contains("master_link_status:up", StringComparison.Ordinal))
                    return false;
            return (await Redis("redis-3", "cluster", "info")).Contains("cluster_slots_ok:16384", StringComparison.Ordinal);
        });
        Assert.NotEqual(master, await MasterOf("redis-4"));
    }

    /// <summary>What it has is of before: sites would read again what they have changed since.</summary>
    [Fact]
    public async Task A_replica_that_has_heard_nothing_of_its_master_for_long_does_not_take_its_place()
    {
        await Forms();
        await Redis("redis-4", "config", "set", "masterauth", "wrong");
        await Redis("redis-4", "client", "kill", "type", "master");
        await SharedFarm.Eventually("its copy is too old", async () => DownSince(await Redis("redis-4", "info", "replication")) > 31);

        await SharedFarm.Docker("kill", $"{Name}-redis-1");
        await SharedFarm.Eventually("the others know", async () => (await Redis("redis-2", "cluster", "nodes")).Split('\n').Any(line => line.Contains(",redis-1", StringComparison.Ordinal) && line.Contains("master,fail ", StringComparison.Ordinal)));
        await SharedFarm.Docker("start", $"{Name}-redis-1");

        await SharedFarm.Eventually("all slots are served", async () => (await Redis("redis-3", "cluster", "info")).Contains("cluster_slots_ok:16384", StringComparison.Ordinal));
        Assert.Contains("role:slave", await Redis("redis-4", "info", "replication"), StringComparison.Ordinal);
        Assert.Contains("role:master", await Redis("redis-1", "info", "replication"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_password_is_turned_away()
    {
        await Forms();

        Assert.Contains("NOAUTH", (await SharedFarm.Run("docker", ["exec", $"{Name}-redis-1", "redis-cli", "info"])).Output, StringComparison.Ordinal);
    }

    private async Task Forms()
    {
        await SharedFarm.Docker("network", "create", Name);
        await Start(s_nodes);
        await IsWhole();
    }

    private static async Task<string> MasterOf(string node) =>
        (await Redis(node, "info", "replication")).Split('\n').Single(line => line.StartsWith("master_host:", StringComparison.Ordinal)).Trim();

    private static int DownSince(string replication) =>
        replication.Split('\n').FirstOrDefault(line => line.StartsWith("master_link_down_since_seconds:", StringComparison.Ordinal)) is { } line
            ? int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture) : 0;

    private Task Start(params string[] nodes) => Task.WhenAll(nodes.Select(async node =>
    {
        await SharedFarm.Docker(
            "run", "--detach", "--name", $"{Name}-{node}", "--network", Name, "--network-alias", node,
            "--volume", $"{Name}-{node}:/data", "--volume", $"{_configuration}:/etc/redis/redis.conf:ro",
            "--volume", $"{Secret}:/run/secrets/redis-password:ro", _image, "redis-node", node);
        await SharedFarm.Eventually($"{node} answers", async () => await Redis(node, "ping") == "PONG");
    }));

    /// <summary>What the farm's job does.</summary>
    private async Task IsWhole() =>
        Assert.EndsWith(
            "is whole",
            await SharedFarm.Docker(["run", "--rm", "--network", Name, "--volume", $"{Secret}:/run/secrets/redis-password:ro", _image, "redis-cluster", .. s_nodes]),
            StringComparison.Ordinal);

    private static async Task<string> Redis(string node, params string[] command) =>
        (await SharedFarm.Run("docker", ["exec", $"{Name}-{node}", "farm-redis", .. command])).Output.Trim();

    private static async Task Remove(bool volumes)
    {
        await SharedFarm.Run("docker", ["rm", "--force", $"{Name}-thief-1", $"{Name}-thief-2", .. s_nodes.Select(node => $"{Name}-{node}")]);
        await SharedFarm.Run("docker", ["network", "rm", Name]);
        await SharedFarm.Run("docker", ["network", "rm", $"{Name}-between"]);
        if (volumes)
            await SharedFarm.Run("docker", ["volume", "rm", "--force", .. s_nodes.Select(node => $"{Name}-{node}")]);
    }
}
