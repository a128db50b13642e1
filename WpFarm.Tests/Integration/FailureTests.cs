using System.Globalization;
using System.Net;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class FailureTests(SharedFarm farm)
{
    /// <summary>The smallest PNG: one transparent pixel.</summary>
    private static readonly byte[] s_png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    );

    [Fact]
    public async Task A_pool_container_dies_under_load_no_request_fails_and_it_comes_back()
    {
        var victim = (await farm.ContainersAsync($"pool-{farm.Blog.Tier}"))[0];
        using var visits = new Visits(farm);
        await using var load = new SteadyLoad(VisitAsync, VisitAsync, VisitAsync);
        await SharedFarm.EventuallyAsync("the load runs", () => Task.FromResult(visits.Count > 20));

        await CrashAsync(victim);
        var atRecovery = visits.Count;
        await SharedFarm.EventuallyAsync("the load goes on", () => Task.FromResult(visits.Count > atRecovery + 20));

        await load.StopAsync();
        await visits.AreAllAnsweredAsync(atLeast: 40);

        Task VisitAsync(int _) => visits.VisitAnewAsync(farm.Blog);
    }

    [Fact]
    public async Task An_upload_is_served_by_another_container_after_its_own_died()
    {
        using var author = await WordPressUser.LogInAsync(farm, farm.Shop);
        var file = await author.UploadAsync("pixel.png", s_png);
        var containers = await farm.ContainersAsync($"pool-{farm.Shop.Tier}");

        // Asks each container directly, so that the cache does not answer for it.
        foreach (var container in containers)
            Assert.Equal(
                Convert.ToBase64String(s_png),
                await SharedFarm.DockerAsync(
                    "exec",
                    container,
                    "sh",
                    "-c",
                    $"curl -sf -H 'Host: {farm.Shop.Host}' http://127.0.0.1:8080{file.AbsolutePath} | base64 -w0"
                )
            );

        using var visitor = farm.Browser();
        await CrashAsync(containers[0], async () =>
            Assert.Equal(s_png, await visitor.GetByteArrayAsync(new Uri($"{file}?again={Guid.NewGuid():N}")))
        );
    }

    [Fact]
    public async Task Cached_pages_are_served_while_the_database_is_down_and_everything_works_again_after()
    {
        using var visitor = farm.Browser();
        // Not the front page: WordPress's own cron may purge it at any moment after an earlier test's post.
        var front = new Uri(farm.Blog.Url + "/sample-page/");
        await RequestPathTests.WarmAsync(visitor, front);
        var servers = farm.Farm.Services.Where(s => s.Name.StartsWith("mariadb-", StringComparison.Ordinal)).ToList();
        var containers = (await Task.WhenAll(servers.Select(s => farm.ContainersAsync(s.Name)))).SelectMany(c => c).ToArray();

        await SharedFarm.DockerAsync(["stop", .. containers]);
        try
        {
            for (var i = 0; i < 5; i++)
            {
                using var answer = await visitor.GetAsync(front);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.True(RequestPathTests.Cache(answer) is "HIT" or "STALE", RequestPathTests.Cache(answer));
            }

            // A page whose objects are all cached needs no database, so this searches for a text that nobody has searched for.
            using var search = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?s={Guid.NewGuid():N}"));
            Assert.True(
                search.StatusCode >= HttpStatusCode.InternalServerError,
                $"a search without a database answered {search.StatusCode}"
            );
        }
        finally
        {
            await SharedFarm.DockerAsync(["start", .. containers]);
        }

        using var author = await RetryAsync(() => WordPressUser.LogInAsync(farm, farm.Blog));
        await farm.DatabaseIsWellAsync();
        await author.PublishAsync($"After the outage {Guid.NewGuid():N}");
        await SharedFarm.EventuallyAsync("every service is healthy", async () => (await farm.StatusAsync()).ExitCode == 0);
    }

    [Fact]
    public async Task A_killed_up_is_finished_by_the_next()
    {
        var victim = (await farm.ContainersAsync("memcached"))[0];
        await SharedFarm.DockerAsync("rm", "--force", victim);
        using var up = farm.StartUp();
        await SharedFarm.EventuallyAsync("the container is made", async () => (await farm.ContainersAsync("memcached")).Length > 0);
        up.Kill(entireProcessTree: true);
        await up.WaitForExitAsync();

        await farm.UpAsync();

        var (exitCode, output) = await farm.StatusAsync();
        Assert.True(exitCode == 0, output);
    }

    /// <summary>Compose creates a replacement named after the old container's id; an interrupted up leaves it behind.</summary>
    [Fact]
    public async Task So_is_one_that_was_killed_while_it_replaced_a_container()
    {
        var old = (await farm.ContainersAsync("memcached"))[0];
        var labels = await SharedFarm.DockerAsync(
            "inspect",
            "--format",
            "{{range $name, $value := .Config.Labels}}--label={{$name}}={{$value}}\n{{end}}",
            old
        );
        var half = await SharedFarm.DockerAsync([
            "create",
            "--name",
            $"{old[..12]}_{farm.Instance.Project}-memcached-1",
            .. labels.Split('\n'),
            await SharedFarm.DockerAsync("inspect", "--format", "{{.Image}}", old),
        ]);
        try
        {
            await File.WriteAllTextAsync(farm.FarmFile, """{"caching": {"memcached": "72M"}}""");
            await farm.UpAsync();
        }
        finally
        {
            await File.WriteAllTextAsync(farm.FarmFile, "{}");
        }

        await farm.UpAsync();
        Assert.DoesNotContain((await farm.ContainersAsync("memcached"))[0], new[] { old, half });
    }

    [Fact]
    public async Task A_second_up_changes_nothing()
    {
        var before = await RunningAsync();
        Assert.NotEmpty(before);

        await farm.UpAsync();

        Assert.Equal(before, await RunningAsync());
    }

    private async Task<string> RunningAsync() =>
        await SharedFarm.DockerAsync(
            "ps",
            "--no-trunc",
            "--format",
            "{{.Names}} {{.ID}}",
            "--filter",
            $"label=com.docker.compose.project={farm.Instance.Project}"
        );

    /// <summary>
    /// Crashes a service. Not by <c>docker kill</c>, after which the engine would not restart the container. Returns when the container has
    /// restarted and is healthy; until the engine has noticed the crash, it still reports the container as healthy.
    /// </summary>
    /// <param name="meanwhile">Called right after the crash.</param>
    private static async Task CrashAsync(string container, Func<Task>? meanwhile = null)
    {
        var before = await InspectAsync("{{.State.StartedAt}}");
        using (
            var process = System.Diagnostics.Process.GetProcessById(
                int.Parse(await InspectAsync("{{.State.Pid}}"), CultureInfo.InvariantCulture)
            )
        )
            process.Kill();
        if (meanwhile is not null)
            await meanwhile();
        await SharedFarm.EventuallyAsync("the container is healthy again", async () =>
            await InspectAsync("{{.State.StartedAt}} {{.State.Health.Status}}") is var now
            && !now.StartsWith(before, StringComparison.Ordinal)
            && now.EndsWith(" healthy", StringComparison.Ordinal)
        );

        Task<string> InspectAsync(string format) => SharedFarm.DockerAsync("inspect", "--format", format, container);
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> attempt)
        where T : class
    {
        T? result = null;
        await SharedFarm.EventuallyAsync("it works again", async () =>
        {
            try
            {
                result = await attempt();
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or Xunit.Sdk.XunitException or TaskCanceledException)
            {
                return false;
            }
        });
        return result!;
    }
}
