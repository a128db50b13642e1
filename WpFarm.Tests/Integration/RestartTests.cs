using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>A farm that stops and starts again, each time with its containers at other addresses.</summary>
[Integration(Stage.Breaks)]
[Long]
[Collection(SharedFarm.Collection)]
public sealed class RestartTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Squatter = "wpfarm-test-squatter";

    /// <summary>The networks on which services remember addresses: for replication, for Redis, and in balancers.</summary>
    private static readonly string[] s_networks = ["caching", "database", "wordpress", "web"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await FreeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task It_is_whole_again_whatever_addresses_it_gets(int squatters)
    {
        var containers = (await Task.WhenAll(farm.Farm.Services.Select(service => farm.ContainersAsync(service.Name))))
            .SelectMany(ids => ids)
            .ToArray();
        await SharedFarm.DockerAsync(["stop", "--time", "20", .. containers]);
        await SquatAsync(squatters);

        await farm.UpAsync();
        // Another program may have taken a port that was free for a moment.
        await farm.LookAsync();

        await farm.DatabaseIsWellAsync();
        await RedisNodes.AreLinkedAsync(farm.Farm, async node => (await farm.ContainersAsync(node))[0]);
        using var visitor = farm.Browser();
        await SharedFarm.ShowsAsync(visitor, farm.Blog.Url, farm.Blog.Title);
    }

    /// <summary>Occupies the first addresses of the network by other containers.</summary>
    private async Task SquatAsync(int count)
    {
        await FreeAsync();
        var image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", (await farm.ContainersAsync("redis-1"))[0]);
        foreach (var network in s_networks)
            for (var number = 1; number <= count; number++)
                await SharedFarm.DockerAsync(
                    "run",
                    "--detach",
                    "--name",
                    $"{Squatter}-{network}-{number}",
                    "--network",
                    $"{farm.Instance.Project}_{network}",
                    image,
                    "sleep",
                    "3600"
                );
    }

    private static async Task FreeAsync()
    {
        var ids = (await SharedFarm.DockerAsync("ps", "--all", "--quiet", "--filter", $"name={Squatter}")).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        if (ids.Length > 0)
            await SharedFarm.DockerAsync(["rm", "--force", .. ids]);
    }
}
