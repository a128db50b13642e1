using System.Net;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Changes farm.json and runs <c>./farm up</c> while visitors send 40 requests a second by GET and POST, every eighth for a page that no
/// cache has.
/// </summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class ChangeTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Sites = """ "blog": {"title": "The Blog", "tier": "bronze"}, "shop": {"title": "The Shop", "tier": "silver"} """;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Restores farm.json, also after a failure: all test classes share the farm.</summary>
    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(farm.FarmFile, "{}");
        await farm.UpAsync();
        await farm.LookAsync();
    }

    [Fact]
    public async Task A_farm_that_is_as_farm_json_says_is_left_alone()
    {
        Assert.Contains("change nothing", await SharedFarm.SucceedsAsync(farm.CommandAsync("up", "--dry-run")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_more_and_another_rate_limit_are_taken_up_by_what_runs()
    {
        var before = await ContainersAsync();
        await using var gone = await DatabaseOfNoSite.CreateAsync(farm);

        var output = await ChangesUnderLoadAsync(
            $$"""
            {"sites": { {{Sites}},
                "news": {"title": "The News", "tier": "bronze", "hosts": ["news.farm.localhost", "alt-grün.farm.localhost"],
                         "owner": "ann@example.com", "locale": "de_DE"} },
              "edge": {"requestsPerSecond": 1000}, "caching": {"pageTtl": 601} }
            """
        );

        Assert.Equal(["orchestrator", "wordpress-install"], await ReplacedAsync(before));
        Assert.Contains($"note: database {DatabaseOfNoSite.Name} belongs to no site of farm.json", output, StringComparison.Ordinal);
        Assert.Equal("kept", await gone.ContentAsync());
        using var visitor = farm.Browser();
        var news = farm.Blog.Url.Replace("blog.", "news.", StringComparison.Ordinal);
        await SharedFarm.ShowsAsync(visitor, news, "The News");
        await SharedFarm.ShowsAsync(visitor, news, "Hallo Welt!");
        await MailOfTheNewSiteIsKeptAsync();
        await RedirectsAsync(visitor, news.Replace("news.", "alt-grün.", StringComparison.Ordinal), news);
        using var page = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?fresh={Guid.NewGuid():N}"));
        Assert.Equal(TimeSpan.FromSeconds(601), page.Headers.CacheControl?.SharedMaxAge);
    }

    /// <summary>As after somebody has copied files into the volume. Nothing is served as another user than the site's.</summary>
    [Fact]
    public async Task Uploads_that_belong_to_nobody_are_the_sites_again_after_the_next_up()
    {
        const string Copied = "/srv/uploads/blog/copied/from-elsewhere.txt";
        var backup = (await farm.ContainersAsync("uploads-backup"))[0];
        var pool = (await farm.ContainersAsync(Pool.Name(farm.Blog.Tier)))[0];
        await SharedFarm.DockerAsync(
            "exec",
            backup,
            "bash",
            "-c",
            $"mkdir -p $(dirname {Copied}) && echo copied > {Copied} && chmod 0600 {Copied} && chown -R 0:0 /srv/uploads/blog"
        );
        using var visitor = farm.Browser();
        await SharedFarm.EventuallyAsync("the site waits for its user", async () =>
        {
            using var answer = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?unique={Guid.NewGuid():N}"));
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
        });

        await farm.UpAsync();

        await SharedFarm.ShowsAsync(visitor, $"{farm.Blog.Url}/?unique={Guid.NewGuid():N}", farm.Blog.Title);
        Assert.Equal("copied", await SharedFarm.DockerAsync("exec", pool, "farm-wordpress", "as", "blog", "cat", Copied));
        var page = await visitor.GetStringAsync(new Uri($"{farm.Blog.Url}/wp-content/uploads/copied/from-elsewhere.txt"));
        Assert.Equal("copied", page.Trim());
    }

    /// <summary>The mail server has taken the site up, and the site its owner.</summary>
    private async Task MailOfTheNewSiteIsKeptAsync()
    {
        var pool = (await farm.ContainersAsync(Pool.Name("bronze")))[0];
        await SharedFarm.PhpAsync(pool, farm.Blog with { Id = "news" }, "wp_mail(get_option('admin_email'), 'To the owner', 'Hello')");
        await SharedFarm.EventuallyAsync("the mail of the new site is kept", async () =>
        {
            var (_, mails) = await farm.CommandAsync("site", "mail", "news", "--json");
            return mails.Contains("To the owner", StringComparison.Ordinal) && mails.Contains("ann@example.com", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Pools_caches_and_database_servers_are_replaced_one_after_the_other()
    {
        var before = await ContainersAsync();

        await ChangesUnderLoadAsync(
            """
            {"tiers": {"bronze": {"memory": "448M"}}, "caching": {"redis": "80M", "memcached": "80M", "varnish": "200M"},
              "database": {"maxConnections": 140}}
            """
        );

        Assert.Equal(
            [
                "db-proxy",
                "mariadb-p1",
                "mariadb-p2",
                "mariadb-r1",
                "mariadb-r2",
                "memcached",
                "orchestrator",
                "pool-bronze",
                "redis-1",
                "redis-2",
                "redis-3",
                "redis-4",
                "redis-5",
                "redis-6",
                "varnish",
            ],
            await ReplacedAsync(before)
        );
        await farm.DatabaseIsWellAsync();
    }

    /// <summary>
    /// The database of one site holds foreign tables: that site fails and is named, the others are installed, and all sites are served.
    /// </summary>
    [Fact]
    public async Task A_site_that_cannot_be_installed_holds_nobody_up()
    {
        var writer = (await farm.ContainersAsync(await farm.WriterAsync()))[0];
        await SharedFarm.DockerAsync(
            "exec",
            writer,
            "mariadb",
            "--execute",
            "CREATE DATABASE IF NOT EXISTS wp_taken; CREATE TABLE IF NOT EXISTS wp_taken.somebody_elses (id INT PRIMARY KEY)"
        );
        try
        {
            await File.WriteAllTextAsync(
                farm.FarmFile,
                $$"""{"sites": { {{Sites}}, "taken": {"tier": "bronze"}, "diary": {"title": "The Diary", "tier": "silver"} } }"""
            );

            var (exitCode, output) = await farm.CommandAsync("up", "--detach", "--free-ports");

            Assert.Equal(1, exitCode);
            Assert.Contains("site taken: failed: database wp_taken has tables", output, StringComparison.Ordinal);
            using var visitor = farm.Browser();
            await SharedFarm.ShowsAsync(visitor, farm.Shop.Url.Replace("shop.", "diary.", StringComparison.Ordinal), "The Diary");
            await SharedFarm.ShowsAsync(visitor, farm.Blog.Url, "The Blog");
            using var taken = await visitor.GetAsync(new Uri(farm.Blog.Url.Replace("blog.", "taken.", StringComparison.Ordinal)));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, taken.StatusCode);
        }
        finally
        {
            await SharedFarm.DockerAsync("exec", writer, "mariadb", "--execute", "DROP DATABASE IF EXISTS wp_taken");
        }
    }

    private static async Task RedirectsAsync(HttpClient visitor, string alias, string url)
    {
        using var page = await visitor.GetAsync(new Uri($"{alias}/a/page/?x=1&y=%2F"));
        using var form = await visitor.PostAsync(new Uri($"{alias}/wp-login.php"), new StringContent("log=admin"));

        Assert.Equal((HttpStatusCode.MovedPermanently, $"{url}/a/page/?x=1&y=%2F"), Redirect(page));
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"{url}/wp-login.php"), Redirect(form));
        return;

        static (HttpStatusCode, string?) Redirect(HttpResponseMessage answer) =>
            (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }

    /// <returns>What <c>./farm up</c> printed.</returns>
    private async Task<string> ChangesUnderLoadAsync(string farmFile)
    {
        await File.WriteAllTextAsync(farm.FarmFile, farmFile);
        using var visits = new Visits(farm);
        await using var load = new SteadyLoad(
            TimeSpan.FromMilliseconds(200),
            [
                .. Enumerable
                    .Range(0, 8)
                    .Select<int, Func<int, Task>>(part =>
                        times =>
                            VisitAsync(visits, part % 2 == 0 ? farm.Blog : farm.Shop, isFresh: part == times % 8, isPost: times % 16 >= 8)
                    ),
            ]
        );
        var output = await farm.UpAsync();
        await load.StopAsync();
        await visits.AreAllAnsweredAsync(atLeast: 100);
        return output;
    }

    /// <summary>Requests uncached pages by GET and by POST; a proxy must not repeat a POST.</summary>
    private static Task VisitAsync(Visits visits, Site site, bool isFresh, bool isPost) =>
        !isFresh ? visits.VisitAsync(site) : visits.VisitAnewAsync(site, isPost ? HttpMethod.Post : HttpMethod.Get);

    private async Task<IReadOnlyDictionary<string, HashSet<string>>> ContainersAsync()
    {
        var all = new Dictionary<string, HashSet<string>>();
        foreach (var service in farm.Farm.Services)
            all[service.Name] = [.. await farm.ContainersAsync(service.Name)];
        return all;
    }

    /// <summary>Services that have a new container.</summary>
    private async Task<IEnumerable<string>> ReplacedAsync(IReadOnlyDictionary<string, HashSet<string>> before) =>
        (await ContainersAsync())
            .Where(service => !service.Value.IsSubsetOf(before[service.Key]))
            .Select(service => service.Key)
            .Order(StringComparer.Ordinal);

    /// <summary>A database as a site has it that farm.json no longer names.</summary>
    private sealed class DatabaseOfNoSite(string writer) : IAsyncDisposable
    {
        public const string Name = "wp_gone";

        public static async Task<DatabaseOfNoSite> CreateAsync(SharedFarm farm)
        {
            var database = new DatabaseOfNoSite((await farm.ContainersAsync(await farm.WriterAsync()))[0]);
            await database.ExecuteAsync($"CREATE OR REPLACE DATABASE {Name}; CREATE TABLE {Name}.wp_options SELECT 'kept' AS option_value");
            return database;
        }

        public Task<string> ContentAsync() => ExecuteAsync($"SELECT option_value FROM {Name}.wp_options");

        public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP DATABASE {Name}");

        private Task<string> ExecuteAsync(string statements) =>
            SharedFarm.DockerAsync("exec", writer, "mariadb", "--skip-column-names", "--execute", statements);
    }
}
