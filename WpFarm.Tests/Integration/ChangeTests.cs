using System.Net;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>farm.json changes, and <c>./farm up</c> runs, while visitors come: 40 requests a second, every eighth for a page that no cache has, by GET and by POST.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class ChangeTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Sites = """ "blog": {"title": "The Blog", "tier": "bronze"}, "shop": {"title": "The Shop", "tier": "silver"} """;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Also after a failure: the farm is everybody's.</summary>
    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(farm.FarmFile, "{}");
        await farm.Up();
        await farm.Look();
    }

    [Fact]
    public async Task A_farm_that_is_as_farm_json_says_is_left_alone()
    {
        Assert.Contains("change nothing", await SharedFarm.Succeeds(farm.Command("up", "--dry-run")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_more_and_another_rate_limit_are_taken_up_by_what_runs()
    {
        var before = await Containers();

        await ChangesUnderLoad($$"""{"sites": { {{Sites}}, "news": {"title": "The News", "tier": "bronze"} }, "edge": {"requestsPerSecond": 1000}, "caching": {"pageTtl": 601} }""");

        Assert.Equal(["orchestrator", "wordpress-install"], await Replaced(before));
        using var visitor = farm.Browser();
        await SharedFarm.Shows(visitor, farm.Blog.Url.Replace("blog.", "news.", StringComparison.Ordinal), "The News");
        using var page = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?fresh={Guid.NewGuid():N}"));
        Assert.Equal(TimeSpan.FromSeconds(601), page.Headers.CacheControl?.SharedMaxAge);
    }

    [Fact]
    public async Task Pools_caches_and_database_servers_are_replaced_one_after_the_other()
    {
        var before = await Containers();

        await ChangesUnderLoad("""{"tiers": {"bronze": {"memory": "448M"}}, "caching": {"redis": "80M", "memcached": "80M", "varnish": "200M"}, "database": {"maxConnections": 140}}""");

        Assert.Equal(
            [
                "db-proxy", "mariadb-p1", "mariadb-p2", "mariadb-r1", "mariadb-r2", "memcached", "orchestrator", "pool-bronze",
                "redis-1", "redis-2", "redis-3", "redis-4", "redis-5", "redis-6", "varnish",
            ],
            await Replaced(before));
        await farm.DatabaseIsWell();
    }

    /// <summary>Somebody else's tables in the database of a site: that site fails, and is named; the others are installed, and all are served.</summary>
    [Fact]
    public async Task A_site_that_cannot_be_installed_holds_nobody_up()
    {
        var writer = (await farm.Containers(await farm.Writer()))[0];
        await SharedFarm.Docker("exec", writer, "mariadb", "--execute", "CREATE DATABASE IF NOT EXISTS wp_taken; CREATE TABLE IF NOT EXISTS wp_taken.somebody_elses (id INT PRIMARY KEY)");
        try
        {
            await File.WriteAllTextAsync(farm.FarmFile, $$"""{"sites": { {{Sites}}, "taken": {"tier": "bronze"}, "diary": {"title": "The Diary", "tier": "silver"} } }""");

            var (exitCode, output) = await farm.Command("up", "--detach", "--free-ports");

            Assert.Equal(1, exitCode);
            Assert.Contains("site taken: failed: database wp_taken has tables", output, StringComparison.Ordinal);
            using var visitor = farm.Browser();
            await SharedFarm.Shows(visitor, farm.Shop.Url.Replace("shop.", "diary.", StringComparison.Ordinal), "The Diary");
            await SharedFarm.Shows(visitor, farm.Blog.Url, "The Blog");
            using var taken = await visitor.GetAsync(new Uri(farm.Blog.Url.Replace("blog.", "taken.", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, taken.StatusCode);
        }
        finally
        {
            await SharedFarm.Docker("exec", writer, "mariadb", "--execute", "DROP DATABASE IF EXISTS wp_taken");
        }
    }

    private async Task ChangesUnderLoad(string farmFile)
    {
        await File.WriteAllTextAsync(farm.FarmFile, farmFile);
        using var visits = new Visits(farm);
        await using var load = new SteadyLoad(
            TimeSpan.FromMilliseconds(200),
            [.. Enumerable.Range(0, 8).Select<int, Func<int, Task>>(part => times => Visit(visits, part % 2 == 0 ? farm.Blog : farm.Shop, isFresh: part == times % 8, isPost: times % 16 >= 8))]);
        await farm.Up();
        await load.StopAsync();
        await visits.AreAllAnswered(atLeast: 100);
    }

    /// <summary>What is fresh is asked for by GET and by POST, which nobody on the way may send twice.</summary>
    private static Task Visit(Visits visits, Site site, bool isFresh, bool isPost) =>
        !isFresh ? visits.Visit(site) : visits.VisitAnew(site, isPost ? HttpMethod.Post : HttpMethod.Get);

    private async Task<IReadOnlyDictionary<string, HashSet<string>>> Containers()
    {
        var all = new Dictionary<string, HashSet<string>>();
        foreach (var service in farm.Farm.Services)
            all[service.Name] = [.. await farm.Containers(service.Name)];
        return all;
    }

    /// <summary>Services that have a container that they had not.</summary>
    private async Task<IEnumerable<string>> Replaced(IReadOnlyDictionary<string, HashSet<string>> before) =>
        (await Containers()).Where(service => !service.Value.IsSubsetOf(before[service.Key])).Select(service => service.Key).Order(StringComparer.Ordinal);
}
