using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Integration;

/// <summary>A plugin is the code of others. What it may do to its own site, it may not do to the next one in the same container.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class SiteWallTests(SharedFarm farm)
{
    /// <summary>What <c>hostile.php</c> gets of its own site: so the attempts are such that succeed where nothing forbids them.</summary>
    private static readonly string[] s_own =
    [
        "reads the secrets",
        "lists the uploads",
        "writes an upload",
        "lists the temporary files",
        "logs in to the database",
        "enters the database",
    ];

    [Fact]
    public async Task PHP_of_a_site_gets_nothing_of_another_site_or_of_the_container()
    {
        Assert.Equal(s_own, await GotAsync(farm.Shop, victim: farm.Shop));

        Assert.Empty(await GotAsync(farm.Shop, victim: farm.Blog));
        Assert.Empty(await GotAsync(farm.Blog, victim: farm.Shop));
    }

    [Fact]
    public async Task Each_site_is_a_user_of_its_own_and_the_same_one_everywhere()
    {
        var users = new HashSet<string>();
        foreach (var site in farm.Farm.Sites)
        {
            var seen = new HashSet<string>();
            foreach (var pool in farm.Farm.Sites.Select(one => Pool.Name(one.Tier)).Distinct())
            foreach (var container in await farm.ContainersAsync(pool))
                seen.Add(await SharedFarm.DockerAsync("exec", container, "farm-wordpress", "as", site.Id, "id", "--user"));
            users.Add(Assert.Single(seen));
        }

        Assert.Equal(farm.Farm.Sites.Count, users.Count);
        Assert.DoesNotContain("0", users);
    }

    private async Task<string[]> GotAsync(Site site, Site victim)
    {
        var container = (await farm.ContainersAsync(Pool.Name(site.Tier)))[0];
        var user = await SharedFarm.DockerAsync("exec", container, "farm-wordpress", "as", victim.Id, "id", "--user");
        var hostile = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Integration", "hostile.php"));
        var got = await SharedFarm.PhpAsync(
            container,
            site,
            $"const SITE = '{victim.Id}'; const USER = {user}; eval(substr({Quoted(hostile)}, 5))"
        );
        return got.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static string Quoted(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
