using System.Globalization;
using System.Net;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>The place to restore into: what is put there is shown, nothing else, and it leaves no trace.</summary>
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
        await Empty();

        await Restore(from: "mariadb-r1");
        foreach (var site in new[] { farm.Blog, farm.Shop })
            await SharedFarm.Eventually($"{site.Id} is shown", async () => await Visit(site) is (HttpStatusCode.OK, var page) && page.Contains(site.Title, StringComparison.Ordinal));

        var title = $"Restored {Guid.NewGuid():N}";
        await Sql($"UPDATE {farm.Blog.Database}.wp_options SET option_value = '{title}' WHERE option_name = 'blogname'");
        await SharedFarm.Eventually("the changed title is shown", async () => (await Visit(farm.Blog)).Page.Contains(title, StringComparison.Ordinal));
        Assert.DoesNotContain(title, (await Visit(farm.Shop)).Page, StringComparison.Ordinal);

        await Empty();
        await SharedFarm.Eventually("nothing is shown", async () => (await Visit(farm.Blog)).Status is HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Only_the_scratch_server_lets_its_data_be_thrown_away()
    {
        var refused = await Assert.ThrowsAsync<HttpRequestException>(async () => await (await Agent("mariadb-r1")).EmptyAsync(CancellationToken.None));

        Assert.Contains("mariadb-r1: this server's data is not to be thrown away", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pool-bronze")]
    [InlineData("orchestrator")]
    public async Task Its_door_lets_its_WordPress_in_and_nobody_else(string other)
    {
        await SharedFarm.Eventually("the door lets WordPress in", async () => await BytesOfTheGreeting(WordPress) == 4);

        Assert.Equal(0, await BytesOfTheGreeting(other));
    }

    [Theory]
    [InlineData("GET", "/wp-login.php")]
    [InlineData("GET", "/wp-admin/admin-ajax.php")]
    [InlineData("POST", "/")]
    public async Task It_shows_pages_and_does_nothing_else(string method, string path)
    {
        using var answer = await Ask(new HttpMethod(method), farm.Blog, path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task Restore(string from)
    {
        var scratch = await Agent(Server);
        using var copy = await (await Agent(from)).CopyAsync(since: null, contents: false, CancellationToken.None);
        await scratch.TakeBaseAsync(copy.Content, CancellationToken.None);
        await scratch.UseAsync(copy.Extent().Gtid, aside: false, CancellationToken.None);
    }

    /// <summary>The server is started again and installs its data: 13 s, and over a minute where the disk is busy.</summary>
    private async Task Empty()
    {
        await (await Agent(Server)).EmptyAsync(CancellationToken.None);
        await SharedFarm.Eventually("the scratch server is empty", async () =>
        {
            var (exitCode, output) = await SharedFarm.Run("docker", ["exec", (await farm.Containers(Server))[0], "mariadb", "--skip-column-names", "--execute", @"SHOW DATABASES LIKE 'wp\_%'"]);
            return exitCode == 0 && output.Length == 0;
        });
    }

    /// <summary>Of the first 4 that a server says to who connects to it.</summary>
    private async Task<int> BytesOfTheGreeting(string from) => int.Parse(
        await SharedFarm.Docker("exec", (await farm.Containers(from))[0], "bash", "-c", "exec 3<> /dev/tcp/db-scratch/3308; timeout 5 head -c 4 <&3 | wc -c"),
        CultureInfo.InvariantCulture);

    private async Task<(HttpStatusCode Status, string Page)> Visit(Site site)
    {
        using var answer = await Ask(HttpMethod.Get, site, "/");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> Ask(HttpMethod method, Site site, string path)
    {
        using var request = new HttpRequestMessage(method, $"http://{await Address(WordPress)}:8080{path}") { Headers = { Host = site.Host } };
        return await _visitor.SendAsync(request);
    }

    private async Task<string> Sql(string statement) => await SharedFarm.Docker("exec", (await farm.Containers(Server))[0], "mariadb", "--skip-column-names", "--batch", "--execute", statement);

    private async Task<DatabaseAgent> Agent(string server) => new(
        new DatabaseServer(server, ServerRole.Replica),
        new Uri($"http://{await Address(server)}:9201"),
        new DatabaseAuthorityOptions { PasswordFile = farm.Secrets.PathOf(Secret.Orchestrator) },
        TimeProvider.System);

    /// <summary>Each is on one network.</summary>
    private async Task<string> Address(string service) =>
        await SharedFarm.Docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", (await farm.Containers(service))[0]);
}
