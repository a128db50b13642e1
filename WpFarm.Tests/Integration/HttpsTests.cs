using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WpFarm.Orchestrator.Certificates;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The farm with certificates of its own authority.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class HttpsTests(SharedFarm farm) : IAsyncLifetime
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("wpfarm-https-");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(
            farm.FarmFile,
            """
            {"edge": {"tls": "local"},
              "sites": {
                "blog": {"title": "The Blog", "tier": "bronze", "hosts": ["blog.farm.localhost", "WebLog.farm.localhost."]},
                "shop": {"title": "The Shop", "tier": "silver"} } }
            """
        );
        await farm.UpAsync();
        await farm.LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _files.Delete(recursive: true);
        await File.WriteAllTextAsync(farm.FarmFile, "{}");
        await farm.UpAsync();
        await farm.LookAsync();
    }

    [Fact]
    public async Task Sites_are_served_by_https_and_the_operators_certificate_goes_before_the_farms_own()
    {
        using var authority = X509Certificate2.CreateFromPem(await SharedFarm.SucceedsAsync(farm.CommandAsync("trust", "--print")));
        using var visitor = Visitor(authority);
        await SharedFarm.ShowsAsync(visitor, farm.Blog.Url, "The Blog");
        await SharedFarm.ShowsAsync(visitor, farm.Shop.Url, "The Shop");
        await SpeaksHttpsAsync(visitor);
        await RefusesAHostThatIsNoSiteAsync(visitor);
        await RedirectsFromHttpAsync(farm.Blog.Host);
        await RedirectsFromHttpAsync(farm.Blog.Hosts[1]);
        await RedirectsAnAliasAsync(visitor);

        var edge = (await farm.ContainersAsync("haproxy"))[0];
        var own = AddedCertificate();
        Assert.Contains(
            farm.Blog.Host,
            await SharedFarm.SucceedsAsync(farm.CommandAsync("certificates", "add", own.Certificate, own.Key)),
            StringComparison.Ordinal
        );
        await ServesAsync(farm.Blog.Host, own.Fingerprint, isExpected: true);
        await SharedFarm.SucceedsAsync(farm.CommandAsync("certificates", "remove", farm.Blog.Host));
        await ServesAsync(farm.Blog.Host, own.Fingerprint, isExpected: false);
        Assert.Equal(edge, (await farm.ContainersAsync("haproxy"))[0]);

        await RefusesAsync("The key does not belong", own.Certificate, AddedCertificate("other").Key);
        await GoesOnWithoutTheOrchestratorAsync(visitor, edge);
    }

    private async Task SpeaksHttpsAsync(HttpClient visitor)
    {
        using var page = await visitor.GetAsync(new Uri(farm.Blog.Url + "/"));

        Assert.Equal(HttpVersion.Version20, page.Version);
        Assert.Contains($"\"{farm.Blog.Url}", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.StartsWith("https://", farm.Blog.Url, StringComparison.Ordinal);
        using var login = await visitor.GetAsync(new Uri(farm.Blog.Url + "/wp-login.php"));
        Assert.Contains(login.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    private async Task RefusesAHostThatIsNoSiteAsync(HttpClient visitor)
    {
        var nobody = farm.Blog.Url.Replace("blog.", "nobody.", StringComparison.Ordinal);

        await Assert.ThrowsAsync<HttpRequestException>(() => visitor.GetAsync(new Uri(nobody)));
    }

    private async Task RedirectsFromHttpAsync(string host)
    {
        using var browser = farm.Browser();
        var plain = $"http://{host}:{farm.Farm.Options.Edge.HttpPort}";

        using var page = await browser.GetAsync(new Uri($"{plain}/a/page/?x=1&y=%2F"));
        using var form = await browser.PostAsync(new Uri($"{plain}/wp-login.php"), new StringContent(""));

        Assert.Equal(HttpStatusCode.MovedPermanently, page.StatusCode);
        Assert.Equal($"{farm.Blog.Url}/a/page/?x=1&y=%2F", page.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.PermanentRedirect, form.StatusCode);
    }

    /// <summary>The certificate of the alias may come a moment after those of the sites' first hosts.</summary>
    private Task RedirectsAnAliasAsync(HttpClient visitor)
    {
        var alias = farm.Blog.Url.Replace(farm.Blog.Host, farm.Blog.Hosts[1], StringComparison.Ordinal);
        return SharedFarm.EventuallyAsync("the alias redirects by HTTPS too", async () =>
        {
            try
            {
                using var page = await visitor.GetAsync(new Uri($"{alias}/a/page/?x=1"));
                return (page.StatusCode, page.Headers.Location?.OriginalString)
                    == (HttpStatusCode.MovedPermanently, $"{farm.Blog.Url}/a/page/?x=1");
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    private async Task RefusesAsync(string message, string certificate, string key)
    {
        var (exitCode, output) = await farm.CommandAsync("certificates", "add", certificate, key);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    private async Task GoesOnWithoutTheOrchestratorAsync(HttpClient visitor, string edge)
    {
        var orchestrator = (await farm.ContainersAsync("orchestrator"))[0];
        await SharedFarm.DockerAsync("stop", orchestrator);
        try
        {
            await SharedFarm.DockerAsync("restart", edge);
            await SharedFarm.ShowsAsync(visitor, farm.Blog.Url, "The Blog");
        }
        finally
        {
            await SharedFarm.DockerAsync("start", orchestrator);
        }

        await SharedFarm.EventuallyAsync("the Orchestrator sees that all certificates are served", async () =>
            (await farm.CommandAsync("certificates", "list")).ExitCode == 0
        );
        await farm.DatabaseIsWellAsync();
    }

    /// <summary>Makes a certificate of an authority that is not the farm's.</summary>
    private (string Certificate, string Key, string Fingerprint) AddedCertificate(string name = "own")
    {
        var pem = LocalAuthority.Issue(
            LocalAuthority.Create("Elsewhere", TimeProvider.System.GetUtcNow()),
            farm.Blog.Host,
            TimeProvider.System.GetUtcNow()
        );
        var (certificate, key) = (Path.Combine(_files.FullName, $"{name}.pem"), Path.Combine(_files.FullName, $"{name}.key"));
        var keyAt = pem.IndexOf("-----BEGIN PRIVATE KEY", StringComparison.Ordinal);
        File.WriteAllText(certificate, pem[..keyAt]);
        File.WriteAllText(key, pem[keyAt..]);
        return (certificate, key, SiteCertificate.Read(pem).Fingerprint);
    }

    private Task ServesAsync(string host, string fingerprint, bool isExpected) =>
        SharedFarm.EventuallyAsync($"the edge {(isExpected ? "serves" : "no longer serves")} the added certificate", async () =>
        {
            using var connection = new System.Net.Sockets.TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, farm.Farm.Options.Edge.HttpsPort);
            var seen = "";
            await using var tls = new SslStream(connection.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        (seen = certificate!.GetCertHashString(HashAlgorithmName.SHA256)).Length > 0,
                }
            );
            return seen == fingerprint == isExpected;
        });

    /// <summary>A browser that trusts the farm's authority and no other.</summary>
    private HttpClient Visitor(X509Certificate2 authority)
    {
        var handler = Edge.At("127.0.0.1", farm.Farm.Options.Edge.HttpsPort);
        (handler.AllowAutoRedirect, handler.UseCookies) = (false, false);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { authority },
        };
        return new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
