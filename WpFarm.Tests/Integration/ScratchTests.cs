using System.Globalization;
using System.Net;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Tests.Integration.Run;
using WpFarm.Tests.Orchestrator;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>The scratch services: they show what is restored into them, nothing else, and keep no trace of it.</summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class ScratchTests(SharedFarm farm) : IDisposable
{
    private const string Server = "mariadb-scratch";
    private const string WordPress = "wordpress-scratch";

    private readonly HttpClient _visitor = new(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose() => _visitor.Dispose();

    [Fact]
    public async Task Each_site_is_shown_from_the_restored_data_and_from_no_other()
    {
        await EmptyAsync();

        await RestoreAsync(from: "mariadb-r1");
        foreach (var site in new[] { farm.Blog, farm.Shop })
            await SharedFarm.EventuallyAsync($"{site.Id} is shown", async () =>
                await VisitAsync(site) is (HttpStatusCode.OK, var page) && page.Contains(site.Title, StringComparison.Ordinal)
            );

        var title = $"Restored {Guid.NewGuid():N}";
        await SqlAsync($"UPDATE {farm.Blog.Database}.wp_options SET option_value = '{title}' WHERE option_name = 'blogname'");
        await SharedFarm.EventuallyAsync("the changed title is shown", async () =>
            (await VisitAsync(farm.Blog)).Page.Contains(title, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(title, (await VisitAsync(farm.Shop)).Page, StringComparison.Ordinal);

        await EmptyAsync();
        await SharedFarm.EventuallyAsync("nothing is shown", async () =>
            (await VisitAsync(farm.Blog)).Status is HttpStatusCode.ServiceUnavailable
        );
    }

    [Fact]
    public async Task Only_the_scratch_server_lets_its_data_be_thrown_away()
    {
        var refused = await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await (await AgentAsync("mariadb-r1")).EmptyAsync(CancellationToken.None)
        );

        Assert.Contains("mariadb-r1: this server's data must not be deleted", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pool-bronze")]
    [InlineData("orchestrator")]
    public async Task Its_door_lets_its_WordPress_in_and_nobody_else(string other)
    {
        await SharedFarm.EventuallyAsync("the door lets WordPress in", async () => await BytesOfTheGreetingAsync(WordPress) == 4);

        Assert.Equal(0, await BytesOfTheGreetingAsync(other));
    }

    [Theory]
    [InlineData("GET", "/wp-login.php")]
    [InlineData("GET", "/wp-admin/admin-ajax.php")]
    [InlineData("POST", "/")]
    public async Task It_shows_pages_and_does_nothing_else(string method, string path)
    {
        using var answer = await AskAsync(new HttpMethod(method), farm.Blog, path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task RestoreAsync(string from)
    {
        var scratch = await AgentAsync(Server);
        using var copy = await (await AgentAsync(from)).CopyAsync(since: null, contents: false, CancellationToken.None);
        await scratch.TakeBaseAsync(copy.Content, CancellationToken.None);
        await scratch.UseAsync(copy.Extent().Gtid, aside: false, CancellationToken.None);
    }

    /// <summary>The server is restarted and initializes its data: 13 s, and over a minute where the disk is busy.</summary>
    private async Task EmptyAsync()
    {
        await (await AgentAsync(Server)).EmptyAsync(CancellationToken.None);
        await SharedFarm.EventuallyAsync("the scratch server is empty", async () =>
        {
            var (exitCode, output) = await SharedFarm.RunAsync(
                "docker",
                [
                    "exec",
                    (await farm.ContainersAsync(Server))[0],
                    "mariadb",
                    "--skip-column-names",
                    "--execute",
                    @"SHOW DATABASES LIKE 'wp\_%'",
                ]
            );
            return exitCode == 0 && output.Length == 0;
        });
    }

    /// <summary>The first 4 bytes that a server sends to a client that connects.</summary>
    private async Task<int> BytesOfTheGreetingAsync(string from) =>
        int.Parse(
            await SharedFarm.DockerAsync(
                "exec",
                (await farm.ContainersAsync(from))[0],
                "bash",
                "-c",
                "exec 3<> /dev/tcp/db-scratch/3308; timeout 5 head -c 4 <&3 | wc -c"
            ),
            CultureInfo.InvariantCulture
        );

    private async Task<(HttpStatusCode Status, string Page)> VisitAsync(Site site)
    {
        using var answer = await AskAsync(HttpMethod.Get, site, "/");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, Site site, string path)
    {
        using var request = new HttpRequestMessage(method, $"http://{await AddressAsync(WordPress)}:8080{path}")
        {
            Headers = { Host = site.Host },
        };
        return await _visitor.SendAsync(request);
    }

    private async Task<string> SqlAsync(string statement) =>
        await SharedFarm.DockerAsync(
            "exec",
            (await farm.ContainersAsync(Server))[0],
            "mariadb",
            "--skip-column-names",
            "--batch",
            "--execute",
            statement
        );

    private async Task<DatabaseAgent> AgentAsync(string server) =>
        new(
            new DatabaseServer(server, ServerRole.Replica),
            new Uri($"http://{await AddressAsync(server)}:9201"),
            TestSettings.Database with
            {
                PasswordFile = farm.Secrets.PathOf(Secret.Orchestrator),
            },
            TimeProvider.System
        );

    /// <summary>Each of them is on one network only.</summary>
    private async Task<string> AddressAsync(string service) =>
        await SharedFarm.DockerAsync(
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            (await farm.ContainersAsync(service))[0]
        );
}
