using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed partial class RequestPathTests(SharedFarm farm)
{
    [Fact]
    public async Task Every_service_is_healthy()
    {
        var (exitCode, output) = await farm.StatusAsync();

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Each_site_answers_with_its_own_content_and_not_with_the_others()
    {
        using var browser = farm.Browser();

        var blog = await browser.GetStringAsync(new Uri(farm.Blog.Url + "/"));
        var shop = await browser.GetStringAsync(new Uri(farm.Shop.Url + "/"));

        Assert.Contains("<title>The Blog", blog, StringComparison.Ordinal);
        Assert.Contains("<title>The Shop", shop, StringComparison.Ordinal);
        Assert.DoesNotContain("The Shop", blog, StringComparison.Ordinal);
        Assert.DoesNotContain("The Blog", shop, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_comes_from_WordPress_once_and_then_from_the_cache()
    {
        using var browser = farm.Browser();

        // WordPress's own cron may purge the site between the two visits.
        await SharedFarm.EventuallyAsync("the first visit is a MISS and the second a HIT", async () =>
        {
            var page = new Uri($"{farm.Blog.Url}/?page={Guid.NewGuid():N}");
            using var first = await browser.GetAsync(page);
            using var second = await browser.GetAsync(page);
            if ((Cache(first), Cache(second)) != ("MISS", "HIT"))
                return false;
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
            Assert.True(second.Headers.Contains("Server-Timing"));
            return true;
        });
    }

    [Fact]
    public Task Caches_may_keep_a_page_for_as_long_as_farm_json_says() =>
        KeepsPagesAsync(farm, farm.Blog, TimeSpan.FromSeconds(600), TimeSpan.FromHours(24));

    [Fact]
    public async Task A_host_that_is_no_site_gets_a_clean_404_and_touches_no_PHP()
    {
        using var browser = farm.Browser();

        using var answer = await browser.GetAsync(new Uri($"http://nobody.example:{farm.Farm.Options.Edge.HttpPort}/"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("X-Powered-By", answer.Headers.Select(h => h.Key));
        Assert.False(answer.Headers.Contains("Server-Timing"), "the request went to the cache or to PHP");
    }

    [Fact]
    public async Task A_new_post_and_an_edited_one_are_on_the_cached_front_page_within_a_second()
    {
        using var visitor = farm.Browser();
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        var front = new Uri(farm.Blog.Url + "/");
        await WarmAsync(visitor, front);

        var title = $"News {Guid.NewGuid():N}";
        var post = await author.PublishAsync(title);
        await SharedFarm.EventuallyAsync("the new post is on the front page", TimeSpan.FromSeconds(1), () =>
            IsOnAsync(visitor, front, title)
        );

        var changed = $"Changed {Guid.NewGuid():N}";
        await author.EditAsync(post, changed);
        await SharedFarm.EventuallyAsync("the edited title is on the front page", TimeSpan.FromSeconds(1), () =>
            IsOnAsync(visitor, front, changed)
        );
    }

    [Fact]
    public async Task A_change_of_one_site_leaves_the_others_pages_in_the_cache()
    {
        using var visitor = farm.Browser();
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        var front = new Uri(farm.Shop.Url + "/sample-page/");

        // The other site may purge its page at any moment, because of an earlier test or WordPress's own cron. One purge is chance.
        await SharedFarm.EventuallyAsync("a page of the other site is still cached after a post here", async () =>
        {
            await WarmAsync(visitor, front);
            await author.PublishAsync($"News {Guid.NewGuid():N}");
            using var cached = await visitor.GetAsync(front);
            return Cache(cached) == "HIT";
        });
    }

    [Fact]
    public async Task The_admin_works_and_neither_it_nor_a_page_for_a_logged_in_user_is_ever_cached()
    {
        using var user = await WordPressUser.LogInAsync(farm, farm.Shop);
        foreach (var path in new[] { "/wp-admin/", "/wp-admin/edit.php", "/wp-login.php", "/" })
        {
            for (var i = 0; i < 2; i++)
            {
                using var answer = await user.Browser.GetAsync(new Uri(farm.Shop.Url + path));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Equal("PASS", Cache(answer));
            }
        }

        using var stranger = farm.Browser();
        Assert.DoesNotContain("wp-admin-bar", await stranger.GetStringAsync(new Uri(farm.Shop.Url + "/")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/?preview=true")]
    [InlineData("/cart/")]
    [InlineData("/wp-cron.php")]
    public async Task Previews_carts_and_cron_are_never_cached(string path)
    {
        using var browser = farm.Browser();
        for (var i = 0; i < 2; i++)
        {
            using var answer = await browser.GetAsync(new Uri(farm.Blog.Url + path));
            Assert.Equal("PASS", Cache(answer));
        }
    }

    [Fact]
    public async Task A_visitor_cannot_purge()
    {
        using var browser = farm.Browser();
        using var request = new HttpRequestMessage(new HttpMethod("BAN"), farm.Blog.Url + "/") { Headers = { { "X-Ban-Url", ".*" } } };

        using var answer = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task The_object_cache_is_hit_and_its_counters_move()
    {
        using var browser = farm.Browser();
        await browser.GetStringAsync(new Uri($"{farm.Blog.Url}/?warm={Guid.NewGuid():N}"));

        Assert.True((await CostAsync(browser, $"/?warm={Guid.NewGuid():N}"))["cache hits"] > 0);
    }

    /// <summary>A container fetches the objects of the first page of a kind one by one, and the farm has several containers.</summary>
    [Fact]
    public async Task A_page_whose_objects_are_in_the_cache_costs_two_round_trips_and_no_connection_to_the_database()
    {
        using var browser = farm.Browser();

        await SharedFarm.EventuallyAsync("a page costs no more", async () =>
            await CostAsync(browser, $"/?uncached={Guid.NewGuid():N}") is var cost
            && cost["cache calls"] <= 2
            && cost["memory calls"] == 0
            && cost["db connections"] == 0
            && cost["db queries"] == 0
        );
    }

    /// <summary>A value of the page's Server-Timing header, for example "cache calls".</summary>
    private async Task<Dictionary<string, int>> CostAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(new Uri(farm.Blog.Url + path));
        var timing = string.Join(", ", answer.Headers.GetValues("Server-Timing"));
        var cost = (
            from Match part in Part().Matches(timing)
            from Match figure in Figure().Matches(part.Groups["figures"].Value)
            select (
                Name: $"{part.Groups["name"]} {figure.Groups["name"]}",
                Value: int.Parse(figure.Groups["value"].Value, CultureInfo.InvariantCulture)
            )
        ).ToDictionary(figure => figure.Name, figure => figure.Value);
        Assert.True(cost.ContainsKey("cache hits"), timing);
        return cost;
    }

    /// <summary>
    /// Visits until the cache answers. On the first visit of a new site WordPress stores its global styles, which purges what was cached a
    /// moment before.
    /// </summary>
    internal static Task WarmAsync(HttpClient browser, Uri page) => SharedFarm.EventuallyAsync($"{page} is in the cache", async () =>
        {
            using var answer = await browser.GetAsync(page);
            return Cache(answer) == "HIT";
        });

    /// <summary>
    /// Requests an uncached page and reads the Cache-Control header of WordPress, which Varnish obeys and passes on unchanged.
    /// </summary>
    internal static async Task KeepsPagesAsync(SharedFarm farm, Site site, TimeSpan shared, TimeSpan pastItsTime)
    {
        using var browser = farm.Browser();

        using var answer = await browser.GetAsync(new Uri($"{site.Url}/?kept={Guid.NewGuid():N}"));

        Assert.Equal((HttpStatusCode.OK, "MISS"), (answer.StatusCode, Cache(answer)));
        var control = Assert.IsType<CacheControlHeaderValue>(answer.Headers.CacheControl);
        Assert.Equal((true, TimeSpan.Zero, shared), (control.Public, control.MaxAge, control.SharedMaxAge));
        Assert.Contains(new NameValueHeaderValue("stale-if-error", $"{pastItsTime.TotalSeconds}"), control.Extensions);
    }

    internal static string Cache(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("X-Cache", out var values) ? string.Join(",", values) : "";

    private static async Task<bool> IsOnAsync(HttpClient browser, Uri page, string text) =>
        (await browser.GetStringAsync(page)).Contains(text, StringComparison.Ordinal);

    [GeneratedRegex("""(?<name>\w+);desc="(?<figures>[^"]*)""")]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<name>\w+)=(?<value>\d+)")]
    private static partial Regex Figure();
}
