using System.Net;
using System.Text.RegularExpressions;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>An operator or an author purges pages: by <c>./farm cache purge</c>, and by the button in WordPress.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed partial class CachePurgeTests(SharedFarm farm)
{
    private readonly Uri _front = new($"{farm.Blog.Url}/");
    private readonly Uri _other = new($"{farm.Blog.Url}/sample-page/");

    /// <summary>
    /// Another event may purge the front page meanwhile. In that case the other page, which must stay cached, is requested again.
    /// </summary>
    [Fact]
    public async Task One_page_is_made_anew_and_the_others_stay()
    {
        using var visitor = farm.Browser();
        await SharedFarm.EventuallyAsync("the front page alone is made anew", async () =>
        {
            await RequestPathTests.WarmAsync(visitor, _front);
            await RequestPathTests.WarmAsync(visitor, _other);
            Assert.Contains(
                "blog: / purged",
                await SharedFarm.SucceedsAsync(farm.CommandAsync("cache", "purge", "blog", _front.ToString())),
                StringComparison.Ordinal
            );
            return await CacheAsync(visitor, _front) == "MISS" && await CacheAsync(visitor, _other) == "HIT";
        });
    }

    [Fact]
    public async Task A_whole_site_is_made_anew()
    {
        using var visitor = farm.Browser();
        await RequestPathTests.WarmAsync(visitor, _other);

        Assert.Contains(
            "blog: purged",
            await SharedFarm.SucceedsAsync(farm.CommandAsync("cache", "purge", "blog")),
            StringComparison.Ordinal
        );

        Assert.Equal("MISS", await CacheAsync(visitor, _other));
    }

    [Theory]
    [InlineData("has no site 'none'. Sites: blog, shop.", "none")]
    [InlineData("'https://example.org/' is not an address of site blog", "blog", "https://example.org/")]
    [InlineData("'about' is not an address of site blog", "blog", "about")]
    public async Task What_is_no_site_or_no_address_of_it_is_refused(string reason, params string[] arguments)
    {
        var (exitCode, output) = await farm.CommandAsync(["cache", "purge", .. arguments]);

        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }

    [Fact]
    public async Task The_button_above_each_page_of_an_editor_does_it_too()
    {
        using var editor = await WordPressUser.LogInAsync(farm, farm.Blog);
        var button = WebUtility.HtmlDecode(Button().Match(await editor.Browser.GetStringAsync(_front)).Groups[1].Value);
        using var visitor = farm.Browser();
        await RequestPathTests.WarmAsync(visitor, _other);

        using (var pressed = await editor.Browser.GetAsync(new Uri(button)))
            Assert.Equal(HttpStatusCode.Redirect, pressed.StatusCode);

        // WordPress purges pages after it has answered.
        await SharedFarm.EventuallyAsync("it is made anew", async () => await CacheAsync(visitor, _other) == "MISS");
        using var stranger = await visitor.GetAsync(new Uri(button));
        Assert.NotEqual(HttpStatusCode.OK, stranger.StatusCode);
    }

    private static async Task<string> CacheAsync(HttpClient visitor, Uri page)
    {
        using var answer = await visitor.GetAsync(page);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return RequestPathTests.Cache(answer);
    }

    [GeneratedRegex("""id=['"]wp-admin-bar-farm-purge['"][^>]*>\s*<a[^>]*href=['"]([^'"]+)['"]""")]
    private static partial Regex Button();
}
