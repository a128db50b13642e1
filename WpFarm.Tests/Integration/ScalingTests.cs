using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>A tier that follows its load: real load, a real Prometheus, a real engine.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class ScalingTests(SharedFarm farm, ScaledTier tier) : IClassFixture<ScaledTier>
{
    /// <summary>Prometheus scrapes every 15 s, so this is the shortest possible window.</summary>
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_promised = TimeSpan.FromSeconds(30);

    /// <summary>A minute per step down, after the minute over which CPU is averaged.</summary>
    private static readonly TimeSpan s_stepsDown = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task A_tier_grows_with_its_load_and_on_the_way_from_one_to_four_and_back_to_one_no_request_is_lost()
    {
        var since = await BeginsWithOneAsync();
        var answers = new ConcurrentBag<string>();
        using var visitor = farm.Browser();

        await using (
            var rush = new SteadyLoad(
                TimeSpan.FromMilliseconds(1),
                [.. Enumerable.Repeat<Func<int, Task>>(_ => VisitAsync(visitor, answers), 4)]
            )
        )
        {
            await GrowsByItselfAsync();
            await tier.SetAsync(4);
            await SharedFarm.EventuallyAsync("four are healthy", async () => (await tier.LookAsync()).Ready == 4);
            await rush.StopAsync();
        }

        await using (var quiet = new SteadyLoad(TimeSpan.FromMilliseconds(500), _ => VisitAsync(visitor, answers)))
        {
            await tier.SetAsync(1);
            await SharedFarm.EventuallyAsync("three have ended", async () => (await tier.ContainersAsync("running")).Length == 1);
            await quiet.StopAsync();
        }

        Assert.All(answers, answer => Assert.Equal("200, the right page", answer));
        Assert.InRange(answers.Count, 100, int.MaxValue);
        Assert.Equal((ScaledBy.Load, 1), (await ChangesAsync(since))[0] is var first ? (first.By, first.From) : default);
    }

    [Fact]
    [Long]
    public async Task A_tier_follows_its_load_and_on_the_way_from_one_to_six_and_back_to_one_no_request_is_lost()
    {
        var since = await BeginsWithOneAsync();
        var answers = new ConcurrentBag<string>();
        using var visitor = farm.Browser();

        await using (
            var rush = new SteadyLoad(
                TimeSpan.FromMilliseconds(1),
                [.. Enumerable.Repeat<Func<int, Task>>(_ => VisitAsync(visitor, answers), 4)]
            )
        )
        {
            await GrowsByItselfAsync();
            await tier.SetAsync(6);
            await SharedFarm.EventuallyAsync("six are healthy", async () => (await tier.LookAsync()).Ready == 6);
            await rush.StopAsync();
        }

        // So little load that one container is enough on any machine.
        await using (var quiet = new SteadyLoad(TimeSpan.FromSeconds(5), _ => VisitAsync(visitor, answers)))
        {
            await tier.SetAsync(2);
            await SharedFarm.EventuallyAsync("four have ended", async () => (await tier.ContainersAsync("running")).Length == 2);
            await SharedFarm.EventuallyAsync("one is enough for the load", s_stepsDown, async () =>
                (await tier.ContainersAsync("running")).Length == 1
            );
            await quiet.StopAsync();
        }

        Assert.All(answers, answer => Assert.Equal("200, the right page", answer));
        Assert.InRange(answers.Count, 100, int.MaxValue);
        var changes = await ChangesAsync(since);
        Assert.Equal((ScaledBy.Load, 1), (changes[0].By, changes[0].From));
        Assert.Equal((ScaledBy.Load, 1), (changes[^1].By, changes[^1].To));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{answers.Count} answers; {string.Join("; ", changes.Select(change => change.Reason))}"
        );
    }

    [Fact]
    [Long]
    public async Task Without_Prometheus_nothing_changes_and_with_it_everything_goes_on()
    {
        var prometheus = (await farm.ContainersAsync("prometheus"))[0];
        await tier.SetAsync(2);
        await SharedFarm.DockerAsync("stop", prometheus);
        try
        {
            await tier.EventuallyAsync("it says that it sees nothing", seen =>
                seen is { Mode: ScalingMode.Blind, Trouble.Length: > 0, Replicas: 2 }
            );
            Assert.Contains("no scale-down until it is back", (await tier.LookAsync()).Reason, StringComparison.Ordinal);
        }
        finally
        {
            await SharedFarm.DockerAsync("start", prometheus);
        }

        await tier.EventuallyAsync("it sees again", seen => seen is { Mode: ScalingMode.On, Trouble: null });
    }

    [Fact]
    [Long]
    public async Task An_Orchestrator_that_is_killed_in_the_middle_is_followed_by_one_that_goes_on()
    {
        var containers = new ComposeContainers(farm.Instance);
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        await tier.SetAsync(1);
        await SharedFarm.EventuallyAsync("the others have ended", async () => (await tier.ContainersAsync("running")).Length == 1);

        var order = orchestrator.SendAsync(ScalingRoutes.SetReplicas, new(tier.Tier, 5), CancellationToken.None);
        await SharedFarm.EventuallyAsync("it has begun", async () => (await tier.ContainersAsync("running")).Length > 1);
        await containers.KillAsync("orchestrator", "WpFarm.Orchestr", CancellationToken.None);
        await order.ContinueWith(_ => { }, TaskScheduler.Default);

        await tier.EventuallyAsync("the next one counts what runs, and is on", seen =>
            seen is { Mode: ScalingMode.On, Replicas: > 1 } && seen.Ready == seen.Replicas
        );
        await tier.SetAsync(2);
        await SharedFarm.EventuallyAsync("two run", async () => (await tier.ContainersAsync("running")).Length == 2);
        Assert.Equal(6, (await farm.ContainersAsync(tier.Pool)).Length);
    }

    [Fact]
    [Long]
    public async Task An_engine_that_does_not_answer_is_said_to_and_everything_goes_on_after()
    {
        var proxy = (await farm.ContainersAsync("engine-proxy"))[0];
        await SharedFarm.DockerAsync("stop", proxy);
        try
        {
            await tier.EventuallyAsync("it is said", seen => seen.Trouble is not null && seen.Replicas is null);
            var (exitCode, output) = await farm.CommandAsync("scale", tier.Tier, "3");
            Assert.Equal((1, true), (exitCode, output.Contains("http://engine-proxy:2375", StringComparison.Ordinal)));
        }
        finally
        {
            await SharedFarm.DockerAsync("start", proxy);
        }

        await tier.SetAsync(3);
        await SharedFarm.EventuallyAsync("three run", async () => (await tier.ContainersAsync("running")).Length == 3);
    }

    [Fact]
    [Long]
    public async Task While_another_Orchestrator_scales_this_one_waits()
    {
        var writer = (await farm.ContainersAsync(await farm.WriterAsync()))[0];
        await tier.EventuallyAsync("this one scales", seen => seen is { Mode: ScalingMode.On });

        // The other Orchestrator waits for the lock, and gets it once this connection is ended.
        var other = SharedFarm.DockerAsync("exec", writer, "mariadb", "--execute", "SELECT GET_LOCK('wpfarm.scaling', 60), SLEEP(60)");
        await SharedFarm.EventuallyAsync("the other asks", async () =>
            await SqlAsync(writer, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User lock'") == "1"
        );
        await SqlAsync(writer, $"KILL {await SqlAsync(writer, "SELECT IS_USED_LOCK('wpfarm.scaling')")}");

        await tier.EventuallyAsync("this one waits", seen => seen is { Mode: ScalingMode.Waiting });
        var (exitCode, output) = await farm.CommandAsync("scale", tier.Tier, "4");
        Assert.Equal((1, true), (exitCode, output.Contains("another Orchestrator scales", StringComparison.Ordinal)));
        await other;
        await tier.EventuallyAsync("it is this one's turn again", seen => seen is { Mode: ScalingMode.On });
    }

    [Fact]
    [Long]
    public async Task Up_keeps_as_many_as_run_and_makes_the_others_anew()
    {
        await tier.SetAsync(3);
        await SharedFarm.EventuallyAsync("three run", async () => (await tier.ContainersAsync("running")).Length == 3);
        await SharedFarm.DockerAsync(["rm", .. (await tier.ContainersAsync("created")).Concat(await tier.ContainersAsync("exited"))]);
        var running = await tier.ContainersAsync("running");

        await farm.UpAsync();

        Assert.Equal(running, await tier.ContainersAsync("running"));
        Assert.Equal(6, (await farm.ContainersAsync(tier.Pool)).Length);
        await tier.EventuallyAsync("it is not held any more", seen => seen is { Mode: ScalingMode.On, Capacity: 6 });
    }

    [Fact]
    public async Task A_tier_that_is_paused_says_so_and_follows_again_when_resumed()
    {
        await SharedFarm.SucceedsAsync(farm.CommandAsync("scale", "pause", tier.Tier));
        await tier.EventuallyAsync("it is paused", seen => seen is { Mode: ScalingMode.Paused });
        Assert.Contains("autoscaling is paused", await SharedFarm.SucceedsAsync(farm.CommandAsync("scale")), StringComparison.Ordinal);

        await SharedFarm.SucceedsAsync(farm.CommandAsync("scale", "resume", tier.Tier));
        await tier.EventuallyAsync("it follows", seen => seen is { Mode: ScalingMode.On });
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_changes_nothing()
    {
        var before = await tier.ContainersAsync("running");

        Assert.Contains(
            "Nothing was changed.",
            await SharedFarm.SucceedsAsync(farm.CommandAsync("scale", tier.Tier, "6", "--dry-run")),
            StringComparison.Ordinal
        );
        var output = await SharedFarm.SucceedsAsync(farm.CommandAsync("scale", "dry-run", "--json"));

        Assert.Contains($"\"tier\": \"{tier.Tier}\"", output, StringComparison.Ordinal);
        Assert.Contains($"\"tier\": \"{farm.Shop.Tier}\"", output, StringComparison.Ordinal);
        Assert.Equal(before, await tier.ContainersAsync("running"));
    }

    [Fact]
    public async Task Of_read_replicas_the_load_and_what_it_asks_for_are_said_and_nothing_is_done()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        var replicas = farm.Farm.Options.Database.ReadReplicas;

        await SharedFarm.EventuallyAsync("their load is known", async () =>
            (await orchestrator.SendAsync(ScalingRoutes.DryRun, CancellationToken.None)).Single(part => part.Tier == "read replicas")
                is { Trouble: null, Signals.Count: 1 } seen
            && seen.Replicas == replicas
            && seen.Ready == replicas
            && seen.Signals[Signal.Statements] < 100
        );

        Assert.Contains(
            "not watched: database.scaling.enabled is false",
            await SharedFarm.SucceedsAsync(farm.CommandAsync("scale")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("7 is more than tiers.{tier}.replicas.max, 6.", "{tier}", "7")]
    [InlineData("0 is fewer than tiers.{tier}.replicas.min, 1.", "{tier}", "0")]
    [InlineData("gld: is no tier with sites. Tiers: bronze, silver.", "gld", "2")]
    [InlineData("{other}: is not scaled. Set tiers.{other}.scaling.enabled to true", "{other}", "3")]
    [InlineData("gld: is no tier with sites.", "pause", "gld")]
    [InlineData("the number of containers is missing. Usage: ./farm scale {tier} N", "{tier}")]
    [InlineData("Cannot parse argument 'many'", "{tier}", "many")]
    public async Task What_cannot_be_is_exit_code_2_and_why(string message, params string[] arguments)
    {
        var (exitCode, output) = await farm.CommandAsync(["scale", .. arguments.Select(Filled)]);

        Assert.Equal(2, exitCode);
        Assert.Contains(Filled(message), output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/containers/{pool}-1/stop")]
    [InlineData("POST", "/containers/{pool}-1/kill")]
    [InlineData("POST", "/containers/{pool}-1/kill?signal=SIGKILL")]
    [InlineData("POST", "/containers/{pool}-1/kill?signal=SIGTERM&signal=SIGKILL")]
    [InlineData("POST", "/containers/{pool}-1/start?detachKeys=a")]
    [InlineData("POST", "/v1.20/containers/{pool}-1/start")]
    [InlineData("POST", "/containers/{pool}-1/start", "{\"Privileged\":true}")]
    [InlineData("POST", "/containers/{pool}-1/exec", "{}")]
    [InlineData("POST", "/containers/{pool}-1/../{db}/start")]
    [InlineData("POST", "/containers/{db}/kill?signal=SIGTERM")]
    [InlineData("POST", "/containers/{other}-1/start")]
    [InlineData("POST", "/containers/create", "{}")]
    [InlineData("DELETE", "/containers/{pool}-6")]
    [InlineData("PUT", "/containers/{pool}-1/start")]
    [InlineData("GET", "/containers/another-project-1/json")]
    [InlineData("GET", "/containers/json?all=1")]
    [InlineData("GET", "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3Dother%22%5D%7D")]
    [InlineData("GET", "/info")]
    [InlineData("GET", "/events")]
    public async Task The_engine_does_nothing_else_for_the_Orchestrator(string method, string path, string? body = null)
    {
        path = path.Replace("{pool}", $"{farm.Instance.Project}-{tier.Pool}", StringComparison.Ordinal)
            .Replace("{other}", $"{farm.Instance.Project}-pool-{farm.Shop.Tier}", StringComparison.Ordinal)
            .Replace("{db}", $"{farm.Instance.Project}-mariadb-p1-1", StringComparison.Ordinal);

        var status = await SharedFarm.DockerAsync([
            "exec",
            (await farm.ContainersAsync("engine-proxy"))[0],
            "curl",
            "--silent",
            "--path-as-is",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code}",
            "--request",
            method,
            .. body is null ? Array.Empty<string>() : ["--data", body],
            $"http://127.0.0.1:2375{path}",
        ]);

        Assert.Equal("403", status);
    }

    [Fact]
    public async Task After_a_change_of_farm_json_caches_may_keep_a_page_for_as_long_as_it_says_now()
    {
        var (shared, pastItsTime) = (TimeSpan.FromSeconds(ScaledTier.PageTtl), TimeSpan.FromHours(ScaledTier.GraceHours));

        await RequestPathTests.KeepsPagesAsync(farm, farm.Blog, shared, pastItsTime);
        await RequestPathTests.KeepsPagesAsync(farm, farm.Shop, shared, pastItsTime);
    }

    [Fact]
    public async Task Its_metrics_are_in_Prometheus()
    {
        var prometheus = (await farm.ContainersAsync("prometheus"))[0];
        await SharedFarm.EventuallyAsync("they are", async () =>
            int.Parse(
                await SharedFarm.DockerAsync(
                    "exec",
                    prometheus,
                    "sh",
                    "-c",
                    $"promtool query instant http://127.0.0.1:9090 'wpfarm_scaling_replicas{{tier=\"{tier.Tier}\"}} "
                        + "and on() wpfarm_scaling_looks_total{outcome=\"ok\"} > 0' | wc -l"
                ),
                CultureInfo.InvariantCulture
            ) == 1
        );
    }

    /// <returns>When the change happened.</returns>
    private async Task<DateTimeOffset> BeginsWithOneAsync()
    {
        await tier.SetAsync(1);
        await SharedFarm.EventuallyAsync("the others have ended", async () => (await tier.ContainersAsync("running")).Length == 1);
        await tier.EventuallyAsync("it follows its load", seen => seen is { Replicas: 1, Ready: 1, Mode: ScalingMode.On });
        return TimeProvider.System.GetUtcNow();
    }

    private async Task GrowsByItselfAsync()
    {
        var started = Stopwatch.StartNew();
        await SharedFarm.EventuallyAsync("more are started for the load", s_window + s_promised, async () =>
            (await tier.ContainersAsync("running")).Length > 1
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"The first more after {started.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Changes of the tier since a moment, the earliest first. All of them succeeded.</summary>
    private async Task<List<ScalingChange>> ChangesAsync(DateTimeOffset since)
    {
        var changes = (await tier.ChangesAsync()).Where(change => change.At > since).Reverse().ToList();
        // A draining container cannot be started yet; the next tick starts it.
        Assert.All(changes, change =>
            Assert.True(change.Failure?.Contains("must wait for others to end", StringComparison.Ordinal) != false, change.Failure)
        );
        return changes;
    }

    private async Task VisitAsync(HttpClient visitor, ConcurrentBag<string> answers)
    {
        using var answer = await visitor.GetAsync(new Uri($"{farm.Blog.Url}/?load={Guid.NewGuid():N}"));
        var page = await answer.Content.ReadAsStringAsync();
        var right =
            page.Contains($"<title>{farm.Blog.Title}", StringComparison.Ordinal) && page.EndsWith("</html>\n", StringComparison.Ordinal);
        answers.Add($"{(int)answer.StatusCode}, {(right ? "the right page" : page)}");
    }

    private string Filled(string text) =>
        text.Replace("{tier}", tier.Tier, StringComparison.Ordinal).Replace("{other}", farm.Shop.Tier, StringComparison.Ordinal);

    private static Task<string> SqlAsync(string server, string sql) =>
        SharedFarm.DockerAsync("exec", server, "mariadb", "--skip-column-names", "--batch", "--execute", sql);
}
