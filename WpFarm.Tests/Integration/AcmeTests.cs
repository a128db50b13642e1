using System.Text.Json;
using WpFarm.Orchestrator.Certificates;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>
/// The farm gets its certificates from a real ACME authority: pebble, Let's Encrypt's own server for tests, as a container on the farm's
/// management network. Another container there has the sites' names and passes port 80 on to the edge, as a public address does.
/// </summary>
[Integration(Stage.Breaks)]
[Long]
[Collection(SharedFarm.Collection)]
public sealed class AcmeTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Authority = "wpfarm-test-pebble";
    private const string Front = "wpfarm-test-front";
    private const string AuthorityHost = "authority.acme.test";

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("wpfarm-acme-");
    private readonly string _root = LocalAuthority.Create("pebble's own", TimeProvider.System.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        await RemoveAsync();
        File.SetUnixFileMode(
            _files.FullName,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute
        );
        await StartFrontAsync();
        await StartAuthorityAsync();
        var roots = JsonSerializer.Serialize(LocalAuthority.CertificateOf(_root));
        await File.WriteAllTextAsync(
            farm.FarmFile,
            $$"""
            {"domain": "acme.test",
              "sites": {
                "blog": {"title": "The Blog", "tier": "bronze"},
                "shop": {"title": "The Shop", "tier": "silver", "hosts": ["shop.acme.test", "elsewhere.acme.test"]} },
              "edge": {"tls": "letsencrypt", "email": "ops@acme.test",
                "acme": {"directory": "https://{{AuthorityHost}}:14000/dir", "roots": {{roots}}} } }
            """
        );
        await farm.UpAsync();
        await farm.LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        _files.Delete(recursive: true);
        await File.WriteAllTextAsync(farm.FarmFile, "{}");
        await farm.UpAsync();
        await farm.LookAsync();
    }

    [Fact]
    public async Task Hosts_that_lead_to_the_farm_get_certificates_and_another_is_named()
    {
        await SharedFarm.EventuallyAsync("the two hosts that lead here have certificates that the edge serves", async () =>
            (await HostsAsync()).Count(host => host is { Condition: CertificateCondition.Valid, Served: true }) == 2
        );
        var hosts = await HostsAsync();
        Assert.All(hosts.Where(host => host.Host != "elsewhere.acme.test"), host =>
            Assert.StartsWith("Pebble", host.Issuer, StringComparison.Ordinal)
        );
        var elsewhere = hosts.Single(host => host.Host == "elsewhere.acme.test");
        Assert.Equal(CertificateCondition.Missing, elsewhere.Condition);
        Assert.Contains("does not lead to this farm", elsewhere.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", await SharedFarm.DockerAsync("logs", Authority), StringComparison.Ordinal);
        await RedirectsAnAliasButNotItsChallengeAsync();

        // Killed, the Orchestrator finds its certificates in the database: none is asked for again.
        var before = hosts.Select(host => host.NotAfter).ToList();
        await SharedFarm.DockerAsync("kill", (await farm.ContainersAsync("orchestrator"))[0]);
        await farm.UpAsync();
        await SharedFarm.EventuallyAsync("the Orchestrator sees the certificates served", async () =>
            (await HostsAsync()).Count(host => host.Served is true) == 2
        );
        Assert.Equal(before, (await HostsAsync()).Select(host => host.NotAfter));
    }

    private async Task RedirectsAnAliasButNotItsChallengeAsync()
    {
        using var visitor = farm.Browser();
        var alias = $"http://{farm.Shop.Hosts[1]}:{farm.Farm.Options.Edge.HttpPort}";

        using var page = await visitor.GetAsync(new Uri($"{alias}/a/page/"));
        using var challenge = await visitor.GetAsync(new Uri($"{alias}/.well-known/acme-challenge/none"));

        Assert.Equal($"{farm.Shop.Url}/a/page/", page.Headers.Location?.OriginalString);
        Assert.Null(challenge.Headers.Location);
    }

    private async Task<IReadOnlyList<CertificateStatus>> HostsAsync()
    {
        // Its exit code is 1 as long as a host has no certificate.
        var (_, output) = await farm.CommandAsync("certificates", "list", "--json");
        return output.StartsWith('[') ? JsonSerializer.Deserialize<List<CertificateStatus>>(output, ApiJson.Options)! : [];
    }

    private async Task StartFrontAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_files.FullName, "haproxy.cfg"),
            """
            defaults
              mode tcp
              timeout connect 2s
              timeout client 30s
              timeout server 30s
            resolvers docker
              nameserver dns 127.0.0.11:53
            listen front
              bind :80
              server edge haproxy:8080 resolvers docker init-addr none check inter 500ms

            """
        );
        await RunAsync(
            Front,
            await ImageOfAsync("haproxy"),
            ["--network-alias", "blog.acme.test", "--network-alias", "shop.acme.test"],
            ["-f", "/files/haproxy.cfg"]
        );
        await SharedFarm.DockerAsync("network", "connect", $"{farm.Instance.Project}_web", Front);
    }

    private async Task StartAuthorityAsync()
    {
        var pem = LocalAuthority.Issue(_root, AuthorityHost, TimeProvider.System.GetUtcNow());
        await File.WriteAllTextAsync(Path.Combine(_files.FullName, "authority.pem"), pem);
        await File.WriteAllTextAsync(
            Path.Combine(_files.FullName, "pebble.json"),
            """
            {"pebble": {"listenAddress": "0.0.0.0:14000", "managementListenAddress": "0.0.0.0:15000",
              "certificate": "/files/authority.pem", "privateKey": "/files/authority.pem", "httpPort": 80, "tlsPort": 443,
              "ocspResponderURL": "", "externalAccountBindingRequired": false}}
            """
        );
        await File.WriteAllTextAsync(
            Path.Combine(_files.FullName, "Dockerfile"),
            $"FROM {await ImageOfAsync("haproxy")}\nUSER root\nRUN apt-get update && apt-get install -y pebble\n"
        );
        await SharedFarm.DockerAsync("build", "--tag", Authority, _files.FullName);
        await RunAsync(
            Authority,
            Authority,
            ["--network-alias", AuthorityHost, "--env", "PEBBLE_VA_NOSLEEP=1", "--entrypoint", "pebble"],
            ["-config", "/files/pebble.json"]
        );
    }

    private Task<string> RunAsync(string name, string image, string[] options, string[] arguments) =>
        SharedFarm.DockerAsync([
            "run",
            "--detach",
            "--name",
            name,
            "--network",
            $"{farm.Instance.Project}_management",
            "--volume",
            $"{_files.FullName}:/files:ro",
            .. options,
            image,
            .. arguments,
        ]);

    private async Task<string> ImageOfAsync(string service) =>
        await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", (await farm.ContainersAsync(service))[0]);

    private static async Task RemoveAsync()
    {
        foreach (var container in new[] { Authority, Front })
            await SharedFarm.RunAsync("docker", ["rm", "--force", "--volumes", container]);
    }
}
