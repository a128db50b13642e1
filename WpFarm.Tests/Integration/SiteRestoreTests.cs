using System.Net;
using WpFarm.Contracts.Agents.Pools;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>One site is restored in place; other sites are not affected.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class SiteRestoreTests(SharedFarm farm)
{
    [Fact]
    public async Task What_was_deleted_is_back_and_the_other_site_keeps_what_came_later()
    {
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        using var seller = await WordPressUser.LogInAsync(farm, farm.Shop);
        var (lost, kept) = ($"Lost {Guid.NewGuid():N}", $"Kept {Guid.NewGuid():N}");
        var post = await author.PublishAsync(lost);
        // A restoration's target has whole seconds.
        var moment = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        await SharedFarm.EventuallyAsync("the moment has passed", () =>
            Task.FromResult(TimeProvider.System.GetUtcNow() > moment.AddSeconds(1))
        );
        await SharedFarm.DockerAsync(
            "exec",
            (await farm.ContainersAsync(await farm.WriterAsync()))[0],
            "mariadb",
            "-e",
            $"DELETE FROM {farm.Blog.Database}.wp_posts"
        );
        await seller.PublishAsync(kept);
        await SharedFarm.EventuallyAsync("the moment can be recovered", async () => (await farm.BackupsAsync()).RecoverableUntil > moment);

        var said = await SharedFarm.SucceedsAsync(
            farm.CommandAsync("restore", "--site", farm.Blog.Id, "--to", $"{moment:yyyy-MM-ddTHH:mm:ssZ}", "--yes")
        );

        Assert.Contains($"{farm.Blog.Database}__aside_", said, StringComparison.Ordinal);
        Assert.DoesNotContain("PROBLEM", said, StringComparison.Ordinal);
        using var visitor = farm.Browser();
        await SharedFarm.ShowsAsync(visitor, $"{farm.Blog.Url}/wp-json/wp/v2/posts/{post}", lost);
        await SharedFarm.ShowsAsync(visitor, $"{farm.Blog.Url}/", lost);
        await SharedFarm.ShowsAsync(visitor, $"{farm.Shop.Url}/wp-json/wp/v2/posts", kept);
    }

    [Fact]
    public async Task An_export_is_gone_back_to_in_place_or_beside()
    {
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        var (exported, later) = ($"Exported {Guid.NewGuid():N}", $"Later {Guid.NewGuid():N}");
        var post = await author.PublishAsync(exported);
        var id = (await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "site", farm.Blog.Id))).Split('\n')[0];
        await author.EditAsync(post, later);

        await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--site", farm.Blog.Id, "--from", id, "--into", "wp_beside", "--yes"));

        var writer = (await farm.ContainersAsync(await farm.WriterAsync()))[0];
        Assert.Equal(
            $"{exported} {later}",
            await SharedFarm.DockerAsync(
                "exec",
                writer,
                "mariadb",
                "--skip-column-names",
                "--batch",
                "--execute",
                "SELECT CONCAT(beside.post_title, ' ', now.post_title) FROM wp_beside.wp_posts beside "
                    + $"JOIN {farm.Blog.Database}.wp_posts now USING (ID) WHERE ID = {post}"
            )
        );
        await SharedFarm.DockerAsync("exec", writer, "mariadb", "--execute", "DROP DATABASE wp_beside");

        await SharedFarm.SucceedsAsync(farm.CommandAsync("restore", "--site", farm.Blog.Id, "--from", id, "--yes"));

        using var visitor = farm.Browser();
        await SharedFarm.ShowsAsync(visitor, $"{farm.Blog.Url}/wp-json/wp/v2/posts/{post}", exported);
        var (exitCode, output) = await farm.CommandAsync("restore", "--site", farm.Shop.Id, "--from", id, "--yes");
        Assert.Equal(1, exitCode);
        Assert.Contains($"is of the site {farm.Blog.Id}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_cannot_empty_the_caches()
    {
        using var visitor = farm.Browser();
        using var order = new HttpRequestMessage(HttpMethod.Post, new Uri(farm.Blog.Url + PurgeCachesOrder.Route.Path));
        order.Headers.Add(PoolHeaders.Order, PurgeCachesOrder.Order);

        using var answer = await visitor.SendAsync(order);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_site_is_refused_with_the_names_of_those_there_are()
    {
        var (exitCode, output) = await farm.CommandAsync("restore", "--site", "nobody", "--latest", "--yes");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(farm.Blog.Id, output, StringComparison.Ordinal);
    }
}
