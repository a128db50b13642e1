using System.Diagnostics;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The whole farm as of an earlier moment is cloned, while the original keeps running.</summary>
[Integration(Stage.Destroys)]
[Collection(SharedFarm.Collection)]
public sealed class FarmCloneTests(SharedFarm farm)
{
    private const string Copy = "copytest";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly FarmInstance _instance = new(RepositoryRoot.Find(), Copy);

    private string CopyFile => Path.Combine(Path.GetDirectoryName(farm.FarmFile)!, $"{Copy}.json");

    [Fact]
    [Long]
    public async Task A_copy_of_the_farm_comes_up_beside_it_and_each_goes_its_own_way()
    {
        var (before, after, theirs) = ($"Before {Guid.NewGuid():N}", $"After {Guid.NewGuid():N}", $"Theirs {Guid.NewGuid():N}");
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        var (post, upload) = (await author.PublishAsync(before), await author.UploadAsync("dot.png", WordPressUser.RedDot));
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now", "--uploads"));
        await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());
        await RemoveAsync();
        try
        {
            var said = await SharedFarm.SucceedsAsync(
                WhileTheFarmAnswersAsync(farm.CommandAsync("restore", "--latest", "--into", Copy, "--yes"))
            );

            Assert.DoesNotContain("PROBLEM", said, StringComparison.Ordinal);
            Assert.Contains(CopyFile, said, StringComparison.Ordinal);
            var copy = await SharedFarm.LookAsync(_instance, CopyFile);
            var blog = copy.Sites.Single(site => site.Id == farm.Blog.Id);
            Assert.NotEqual(farm.Blog.Url, blog.Url);
            using var visitor = SharedFarm.Browser(copy);
            await SharedFarm.ShowsAsync(visitor, $"{blog.Url}/wp-json/wp/v2/posts/{post}", before);
            Assert.Equal(WordPressUser.RedDot, await visitor.GetByteArrayAsync(new Uri(blog.Url + upload.AbsolutePath)));

            await author.PublishAsync(after);
            using (var other = await WordPressUser.LogInAsync(farm, blog, copy))
                await other.PublishAsync(theirs);
            using var reader = farm.Browser();
            await ListsAsync(reader, farm.Blog.Url, has: after, hasNot: theirs);
            await ListsAsync(visitor, blog.Url, has: theirs, hasNot: after);
            await farm.RecoverableAsync(TimeProvider.System.GetUtcNow());

            var (exitCode, refused) = await farm.CommandAsync("restore", "--latest", "--into", Copy, "--yes");
            Assert.Equal(2, exitCode);
            Assert.Contains("exists here already", refused, StringComparison.Ordinal);
        }
        finally
        {
            await RemoveAsync();
        }
    }

    private static async Task ListsAsync(HttpClient browser, string url, string has, string hasNot)
    {
        var posts = await browser.GetStringAsync(new Uri($"{url}/wp-json/wp/v2/posts?per_page=100"));
        Assert.Contains(has, posts, StringComparison.Ordinal);
        Assert.DoesNotContain(hasNot, posts, StringComparison.Ordinal);
    }

    /// <summary>Requests an uncached page once a second. Two farms may overload a machine, but only for a short time.</summary>
    private async Task<(int ExitCode, string Output)> WhileTheFarmAnswersAsync(Task<(int ExitCode, string Output)> run)
    {
        using var visitor = farm.Browser();
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var (answered, longest) = (Stopwatch.StartNew(), TimeSpan.Zero);
        while (!run.IsCompleted && await tick.WaitForNextTickAsync())
        {
            var answers = await AnswersAsync(visitor);
            longest = answered.Elapsed > longest ? answered.Elapsed : longest;
            if (answers)
                answered.Restart();
        }

        Assert.InRange(longest, TimeSpan.Zero, s_patience);
        return await run;
    }

    private async Task<bool> AnswersAsync(HttpClient visitor)
    {
        try
        {
            using var answer = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?once={Guid.NewGuid():N}"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private async Task RemoveAsync()
    {
        await SharedFarm.SucceedsAsync(SharedFarm.RunFarmAsync("down", "--volumes", "--yes", "--name", Copy));
        if (Directory.Exists(_instance.Folder))
            Directory.Delete(_instance.Folder, recursive: true);
        File.Delete(CopyFile);
    }
}
