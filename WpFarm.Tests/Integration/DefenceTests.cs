using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Deployment.NetworkDatabases;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Attacks are cut off, and nobody else is. The visitors have public addresses: this machine stands for a proxy in front of the farm, and
/// says in X-Forwarded-For who they are.
/// </summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class DefenceTests(SharedFarm farm) : IClassFixture<DefenceTests.Behind>, IDisposable
{
    /// <summary>The farm behind a proxy, for all tests of the class.</summary>
    public sealed class Behind(SharedFarm farm) : IAsyncLifetime
    {
        public async ValueTask InitializeAsync()
        {
            await File.WriteAllBytesAsync(
                Path.Combine(Path.GetDirectoryName(farm.FarmFile)!, "countries.mmdb"),
                MaxMindFile.OfCountries(
                    [("192.0.2.0/25", "DE"), ("192.0.2.128/25", "FR"), ("2001:db8::/32", "DE")],
                    TimeProvider.System.GetUtcNow()
                )
            );
            await File.WriteAllTextAsync(
                farm.FarmFile,
                """
                {
                    "edge": {
                        "trustedProxies": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
                        "requestsPerSecond": 0,
                        "restRequestsPerSecond": 4,
                        "searchesPerSecond": 1,
                        "countryDatabase": "countries.mmdb",
                        "deny": ["203.0.113.200", "2a02:5::/32", "country:DE"]
                    },
                    "sites": {
                        "blog": {"deny": ["203.0.113.201"]},
                        "shop": {"tier": "silver", "title": "The Shop", "allow": ["203.0.113.202", "203.0.113.208/28", "country:FR"]}
                    }
                }
                """
            );
            await farm.UpAsync();
            // Of an earlier run, if the farm is kept.
            await SharedFarm.DockerAsync("exec", (await farm.ContainersAsync("crowdsec"))[0], "cscli", "decisions", "delete", "--all");
        }

        public async ValueTask DisposeAsync()
        {
            await File.WriteAllTextAsync(farm.FarmFile, "{}");
            await farm.UpAsync();
        }
    }

    /// <summary>From the decision to the refusal, and from its end to the next answer. The edges look once a second.</summary>
    private static readonly TimeSpan s_known = TimeSpan.FromSeconds(2);

    private readonly HttpClient _browser = farm.Browser();

    public void Dispose() => _browser.Dispose();

    /// <summary>An attack: what its n-th request asks for.</summary>
    private sealed record Attack(string Name, Func<int, string> From, Func<int, string> Path, HttpMethod Method, string? Form = null)
    {
        public bool SendsPassword { get; init; }
    }

    private static readonly string[] s_searched =
    [
        "/.env",
        "/.git/config",
        "/wp-config.php.bak",
        "/backup.sql",
        "/phpinfo.php",
        "/id_rsa",
        "/.aws/credentials",
        "/config.json",
    ];

    private const string Password = "log=admin&pwd=wrong";

    /// <summary>Requests of an attack that are enough: HAProxy refuses the eleventh in ten seconds, CrowdSec counts six refusals.</summary>
    private const int Enough = 18;

    private static readonly Attack[] s_attacks =
    [
        new("guesses by the form", _ => "198.51.100.1", _ => "/wp-login.php", HttpMethod.Post, Password),
        new("guesses by an encoded address", _ => "198.51.100.2", _ => "/wp-login%2Ephp", HttpMethod.Post, Password),
        new("guesses by a long way round", _ => "198.51.100.3", n => $"/x{n}/..//wp-login.php", HttpMethod.Post, Password),
        new("guesses by XML-RPC", _ => "198.51.100.4", _ => "/xmlrpc.php", HttpMethod.Post, "<methodCall/>"),
        new("guesses by REST", _ => "198.51.100.5", n => $"/wp-json/wp/v2/users/me?n={n}", HttpMethod.Get) { SendsPassword = true },
        new("a scanner", _ => "198.51.100.6", n => $"/{n}{s_searched[n % s_searched.Length]}", HttpMethod.Get),
        new("lists users by number", _ => "198.51.100.7", n => $"/?author={n}", HttpMethod.Get),
        new("lists users by a form", _ => "198.51.100.8", n => $"/?n={n}", HttpMethod.Post, "author=1"),
        new("lists users by REST", _ => "198.51.100.9", n => $"/wp-json/wp/v2/users?page={n}", HttpMethod.Get),
        new("injects", _ => "198.51.100.10", n => $"/{n}?id=1'+OR+'1'='1", HttpMethod.Get),
        new("guesses from all over a /64", n => $"2a02:1:2:3::{n:x}", _ => "/wp-login.php", HttpMethod.Post, Password),
    ];

    [Fact]
    public async Task Each_attack_is_cut_off_within_ten_seconds_and_another_visitor_is_served_all_the_while()
    {
        using var end = new CancellationTokenSource();
        var visits = VisitAsync("198.51.100.200", end.Token);

        foreach (var attack in s_attacks)
        {
            var n = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, Enough), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
                await StatusAsync(attack, Interlocked.Increment(ref n))
            );
            await SharedFarm.EventuallyAsync($"{attack.Name}: cut off", TimeSpan.FromSeconds(10), async () => await StatusAsync(attack, ++n)
                    is HttpStatusCode.Forbidden
                // Cached pages, too.
                && await StatusAsync(attack.From(n)) is HttpStatusCode.Forbidden);
        }

        await end.CancelAsync();
        Assert.All(await visits, status => Assert.Equal(HttpStatusCode.OK, status));
        var why = await SharedFarm.SucceedsAsync(farm.CommandAsync("security", "why", "198.51.100.6"));
        Assert.Contains("crowdsec", why, StringComparison.Ordinal);
        Assert.Contains("/.env", why, StringComparison.Ordinal);
        Assert.Contains("198.51.100.1", await SharedFarm.SucceedsAsync(farm.CommandAsync("security", "bans")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.200", false, false)] // edge.deny
    [InlineData("2a02:5:1::7", false, false)] // edge.deny
    [InlineData("203.0.113.201", false, false)] // sites.blog.deny, and not in sites.shop.allow
    [InlineData("203.0.113.202", true, true)] // sites.shop.allow
    [InlineData("203.0.113.223", true, true)] // sites.shop.allow, by its range
    [InlineData("203.0.113.224", true, false)]
    [InlineData("192.0.2.7", false, false)] // edge.deny, by its country
    [InlineData("2001:db8:1::7", false, false)] // edge.deny, by its country
    [InlineData("192.0.2.200", true, true)] // sites.shop.allow, by its country
    public async Task Who_may_not_visit_a_site_gets_none_of_its_pages(string visitor, bool blog, bool shop)
    {
        Assert.Equal(blog, await StatusAsync(visitor) is HttpStatusCode.OK);
        using var request = new HttpRequestMessage(HttpMethod.Get, farm.Shop.Url);
        request.Headers.Add("X-Forwarded-For", visitor);
        using var answer = await _browser.SendAsync(request);
        Assert.Equal(shop ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("/?s=tea+{0}", 11, "198.51.100.50")]
    [InlineData("/wp-json/wp/v2/posts?search=tea+{0}", 41, "198.51.100.51")]
    [InlineData("/?rest_route=/wp/v2/posts&search=tea+{0}", 41, "198.51.100.52")]
    public async Task Searches_and_the_REST_API_have_a_limit_for_one_address(string path, int first, string visitor)
    {
        var n = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, first - 1), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
            await StatusAsync(visitor, HttpMethod.Get, string.Format(CultureInfo.InvariantCulture, path, Interlocked.Increment(ref n)))
        );
        await SharedFarm.EventuallyAsync("it is refused", async () =>
            await StatusAsync(visitor, HttpMethod.Get, string.Format(CultureInfo.InvariantCulture, path, ++n))
            is HttpStatusCode.TooManyRequests
        );
        // Pages are not meant, and nobody else.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor, HttpMethod.Get, $"/?unique={n}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("198.51.100.59", HttpMethod.Get, "/?s=tea"));
    }

    [Fact]
    public async Task Who_guesses_slowly_is_found_by_fail2ban()
    {
        const string Guesser = "198.51.100.20";
        // CrowdSec forgets a guess after twenty seconds, fail2ban after ten minutes: as if the eight were minutes apart.
        for (var guess = 0; guess < 8; guess++)
            await LogAsync(farm, Guesser, TimeProvider.System.GetUtcNow().AddMinutes(-8 + guess));

        await SharedFarm.EventuallyAsync("fail2ban bans it", async () =>
            (await BansAsync()).Any(ban => ban is { Range: Guesser, By: "fail2ban" })
        );
        await RefusedAsync(Guesser, isRefused: true);
    }

    [Fact]
    public async Task A_person_bans_an_address_and_lets_it_in_again()
    {
        const string Visitor = "198.51.100.30";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Visitor));

        var banned = await SharedFarm.SucceedsAsync(farm.CommandAsync("security", "ban", Visitor, "--for", "5m", "--reason", "it is rude"));
        await RefusedAsync(Visitor, isRefused: true);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("198.51.100.31"));
        Assert.Contains("refused until", banned, StringComparison.Ordinal);
        Assert.Contains(
            "it is rude",
            await SharedFarm.SucceedsAsync(farm.CommandAsync("security", "why", Visitor)),
            StringComparison.Ordinal
        );

        await SharedFarm.SucceedsAsync(farm.CommandAsync("security", "unban", Visitor));
        await RefusedAsync(Visitor, isRefused: false);

        await RefusesAsync("No decision refuses", "unban", Visitor);
        await RefusesAsync("is no address", "ban", "everybody", "--reason", "why not");
        await RefusesAsync("is private", "ban", "127.0.0.1", "--reason", "why not");
        await RefusesAsync("is too large", "ban", "8.0.0.0/8", "--reason", "why not");
        await RefusesAsync("is no length of time", "ban", Visitor, "--reason", "why not", "--for", "ever");
    }

    [Fact]
    public async Task A_range_is_refused_and_a_decision_ends_by_itself_also_while_CrowdSec_is_gone()
    {
        var crowdSec = (await farm.ContainersAsync("crowdsec"))[0];
        await DecideAsync(crowdSec, "--range", "203.0.113.0/25", "--duration", "10m");
        await RefusedAsync("203.0.113.127", isRefused: true);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("203.0.113.128"));
        await DecideAsync(crowdSec, "--ip", "198.51.100.40", "--duration", "20s");
        await RefusedAsync("198.51.100.40", isRefused: true);

        await SharedFarm.DockerAsync("stop", crowdSec);
        try
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("203.0.113.127"));
            await SharedFarm.EventuallyAsync("the short decision has ended", TimeSpan.FromSeconds(22), async () =>
                await StatusAsync("198.51.100.40") is HttpStatusCode.OK
            );
            await SharedFarm.DockerAsync("restart", (await farm.ContainersAsync("haproxy"))[0]);
            await SharedFarm.ShowsAsync(_browser, farm.Blog.Url, "The Blog");
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("203.0.113.127"));
        }
        finally
        {
            await SharedFarm.DockerAsync("start", crowdSec);
        }

        await SharedFarm.EventuallyAsync("CrowdSec answers again", async () =>
            (await farm.CommandAsync("security", "unban", "203.0.113.0/25")).ExitCode == 0
        );
        await RefusedAsync("203.0.113.127", isRefused: false);
    }

    [Fact]
    public async Task Eight_thousand_connections_that_wait_leave_the_cached_pages_alone()
    {
        var edge = (await farm.ContainersAsync("haproxy"))[0];
        var image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", edge);
        var address = await SharedFarm.DockerAsync(
            "inspect",
            "--format",
            $"{{{{(index .NetworkSettings.Networks \"{farm.Instance.Project}_{Network.Web}\").IPAddress}}}}",
            edge
        );
        // Each begins a request and does not end it. It says how many connections the edge has not closed.
        var script = $$"""
            for ((n = 0; n < 8000; n++)); do
                exec {connection}<> /dev/tcp/{{address}}/8080 && printf 'POST /?n=%s HTTP/1.1\r\nHost: x\r\nX-Slow: ' $n >&$connection
            done 2> /dev/null
            echo open
            read -rt 8 <> <(:) || true
            """;
        var network = $"{farm.Instance.Project}_{Network.Web}";
        var attack = SharedFarm.DockerAsync([
            "run",
            "--rm",
            "--network",
            network,
            "--ulimit",
            "nofile=10000",
            "--entrypoint",
            "bash",
            image,
            "-c",
            script,
        ]);

        var took = new List<TimeSpan>();
        while (!attack.IsCompleted)
        {
            var started = TimeProvider.System.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, await StatusAsync("198.51.100.201"));
            took.Add(TimeProvider.System.GetElapsedTime(started));
        }

        Assert.Contains("open", await attack, StringComparison.Ordinal);
        // The attacker's program itself needs one of two cores.
        Assert.InRange(took.Count, 100, int.MaxValue);
        Assert.InRange(took.Order().ElementAt(took.Count / 2), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Assert.InRange(took.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal("false 0", await SharedFarm.DockerAsync("inspect", "--format", "{{.State.OOMKilled}} {{.RestartCount}}", edge));
    }

    [Fact]
    public async Task A_flood_of_addresses_with_a_query_drops_no_page_from_the_cache()
    {
        await SharedFarm.EventuallyAsync("the front page is cached", async () => await CacheAsync("/") == "HIT");

        // 90 kB each, and more of them than the part of the cache for queries holds.
        await Parallel.ForEachAsync(Enumerable.Range(0, 900), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
            await CacheAsync($"/wp-includes/js/jquery/jquery.js?x={n}")
        );

        Assert.Equal("HIT", await CacheAsync("/"));
        Assert.Equal("MISS", await CacheAsync("/wp-includes/js/jquery/jquery.js?x=0"));
    }

    private async Task<string> CacheAsync(string path)
    {
        using var request = Request("198.51.100.202", HttpMethod.Get, path);
        using var answer = await _browser.SendAsync(request);
        return answer.Headers.GetValues("X-Cache").Single();
    }

    private async Task<IReadOnlyList<HttpStatusCode>> VisitAsync(string from, CancellationToken end)
    {
        var seen = new List<HttpStatusCode>();
        while (!end.IsCancellationRequested)
        {
            seen.Add(await StatusAsync(from));
            seen.Add(await StatusAsync(from, HttpMethod.Get, $"/?fresh={seen.Count}"));
        }

        return seen;
    }

    private Task<HttpStatusCode> StatusAsync(Attack attack, int n) =>
        StatusAsync(attack.From(n), attack.Method, attack.Path(n), attack.Form, attack.SendsPassword);

    private async Task<HttpStatusCode> StatusAsync(
        string from,
        HttpMethod? method = null,
        string path = "/",
        string? form = null,
        bool sendsPassword = false
    )
    {
        using var request = Request(from, method ?? HttpMethod.Get, path);
        if (form is not null)
            request.Content = new StringContent(form, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded"));
        if (sendsPassword)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:wrong"u8));
        using var answer = await _browser.SendAsync(request);
        return answer.StatusCode;
    }

    private HttpRequestMessage Request(string from, HttpMethod method, string path)
    {
        // A browser would resolve the dots and decode the letters of the address.
        var exact = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var request = new HttpRequestMessage(method, new Uri(farm.Blog.Url + path, exact));
        request.Headers.Add("X-Forwarded-For", from);
        return request;
    }

    private Task RefusedAsync(string address, bool isRefused) =>
        SharedFarm.EventuallyAsync($"{address} is {(isRefused ? "refused" : "served")}", s_known, async () =>
            await StatusAsync(address) == (isRefused ? HttpStatusCode.Forbidden : HttpStatusCode.OK)
        );

    private async Task RefusesAsync(string message, params string[] arguments)
    {
        var (exitCode, output) = await farm.CommandAsync(["security", .. arguments]);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<Ban>> BansAsync()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return await orchestrator.SendAsync(SecurityRoutes.Bans, CancellationToken.None);
    }

    /// <summary>CrowdSec's own program, for a decision of seconds.</summary>
    private static Task<string> DecideAsync(string crowdSec, params string[] arguments) =>
        SharedFarm.DockerAsync(["exec", crowdSec, "cscli", "-c", "/etc/crowdsec/config.yaml", "decisions", "add", .. arguments]);

    /// <summary>Hands fail2ban a line of the access log, as HAProxy writes it.</summary>
    private static async Task LogAsync(SharedFarm farm, string address, DateTimeOffset time)
    {
        var line =
            $$"""{"time": "{{time:yyyy-MM-ddTHH:mm:ssZ}}", "listener": "pools", "client": "{{address}}", "network": "{{address}}", """
            + """ "attempt": "login", "request": "/wp-login.php", "method": "POST"}""".TrimStart();
        await SharedFarm.DockerAsync(
            "exec",
            (await farm.ContainersAsync("fail2ban"))[0],
            "bash",
            "-c",
            "printf '%s\\n' \"$1\" >> /var/log/farm/access.log",
            "log",
            line
        );
    }
}
