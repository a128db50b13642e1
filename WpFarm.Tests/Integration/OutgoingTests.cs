using System.Globalization;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Alerts, the sites' mail and the sites' own requests reach a real mail server and real web servers, and what is refused or does not reach
/// its receiver is said.
/// </summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class OutgoingTests(SharedFarm farm, OutgoingTests.ToldFarm told) : IClassFixture<OutgoingTests.ToldFarm>
{
    private const string Token = "correct-horse";

    private OutsideServers Servers => told.Servers;

    [Fact]
    public void A_secret_that_is_not_set_stops_up_before_anything_is_touched()
    {
        var (exitCode, output) = told.UpWithoutSecrets;

        Assert.Equal(2, exitCode);
        Assert.Contains("secret alert-hook: is not set", output, StringComparison.Ordinal);
        Assert.Contains("secret alert-broken: is not set", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_of_a_site_goes_through_the_relay_and_the_mail_of_a_site_that_is_tried_does_not()
    {
        var (sent, kept) = ($"sent-{Guid.NewGuid():N}", $"kept-{Guid.NewGuid():N}");

        await SendAsync(farm.Blog, "customer@example.com", sent);
        await SendAsync(farm.Shop, "customer@example.com", kept);

        await SharedFarm.EventuallyAsync("the mail of the blog is there", () =>
            Task.FromResult(Servers.Mails.Any(mail => Has(mail, sent)))
        );
        await SharedFarm.EventuallyAsync("the mail of the shop is kept", async () => (await KeptAsync(farm.Shop, kept)).Count == 1);
        Assert.DoesNotContain(Servers.Mails, mail => Has(mail, kept));
        Assert.Empty(await KeptAsync(farm.Blog, sent));
    }

    [Fact]
    public async Task Mail_that_the_world_refuses_comes_back_to_the_site_with_the_reason()
    {
        var subject = $"refused-{Guid.NewGuid():N}";

        await SendAsync(farm.Blog, OutsideServers.RefusedMailbox, subject);

        uint returned = 0;
        await SharedFarm.EventuallyAsync("the mail came back", async () =>
        {
            using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
            foreach (var mail in await orchestrator.SendAsync(MailRoutes.List, new("blog", Returned: true), CancellationToken.None))
            {
                var message = await orchestrator.SendAsync(MailRoutes.Read, new("blog", mail.Id, true), CancellationToken.None);
                if (Has(message.Source, subject))
                    returned = mail.Id;
            }
            return returned > 0;
        });
        var shown = await SharedFarm.SucceedsAsync(farm.CommandAsync("site", "mail", "blog", $"{returned}", "--returned"));
        Assert.Contains(OutsideServers.RefusedMailbox, shown, StringComparison.Ordinal);
        Assert.Contains("550", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Servers.Mails, mail => Has(mail, subject));
    }

    [Theory]
    [InlineData("wp_remote_retrieve_response_code(wp_remote_get('{0}'))")]
    [InlineData("(function ($c) {{ curl_setopt($c, 19913, true); curl_exec($c); return curl_getinfo($c, 2097154); }})(curl_init('{0}'))")]
    public async Task A_site_reaches_the_internet_by_WordPress_and_by_curl_and_the_log_says_whose_request_it_was(string request)
    {
        var page = $"http://{ToldFarm.Outside}:8080/w-logo-blue.png?{Guid.NewGuid():N}";

        Assert.Equal("200", await AskAsync(farm.Blog, string.Format(CultureInfo.InvariantCulture, request, page)));

        var log = await LogAsync();
        Assert.Contains($"\"site\":\"blog\",\"method\":\"GET\",\"to\":\"{ToldFarm.Outside}:8080\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain("egress-password", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://orchestrator:8080/healthz")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://outside.example.com:25/")]
    public async Task A_site_reaches_no_private_network_and_nothing_but_the_web(string address) =>
        Assert.Equal("403", await AskAsync(farm.Blog, $"wp_remote_retrieve_response_code(wp_remote_get('{address}'))"));

    [Fact]
    public async Task A_site_of_a_narrowed_tier_reaches_the_named_domains_only()
    {
        Assert.Equal("200", await AskAsync(farm.Shop, Status($"http://{ToldFarm.Outside}:8080/w-logo-blue.png")));
        Assert.Equal("403", await AskAsync(farm.Shop, Status("http://other.example.org/")));

        static string Status(string address) => $"wp_remote_retrieve_response_code(wp_remote_get('{address}'))";
    }

    [Fact]
    public async Task Nobody_passes_the_proxy_as_a_site_whose_password_he_does_not_have() =>
        Assert.Equal(
            "407",
            await AskAsync(
                farm.Blog,
                "(function () { putenv('http_proxy=http://shop:' . WP_PROXY_PASSWORD . '@egress:3128'); "
                    + $"$c = curl_init('http://{ToldFarm.Outside}:8080/'); curl_setopt($c, 19913, true); curl_exec($c); "
                    + "return curl_getinfo($c, 2097154); })()"
            )
        );

    [Fact]
    public async Task A_test_reaches_a_mail_server_and_a_web_server_and_says_who_was_not_reached_and_why()
    {
        var (exitCode, output) = await farm.CommandAsync("alerts", "test");

        Assert.Equal(1, exitCode);
        Assert.Contains("oncall: delivered", output, StringComparison.Ordinal);
        Assert.Contains("hook: delivered", output, StringComparison.Ordinal);
        Assert.Matches("broken: not delivered, [0-9]+ attempts: .*500", output);
        Assert.Matches("refused: not delivered, [0-9]+ attempts: .*550", output);
        // Other alerts may fire at the same time, such as that the machine is busy.
        Assert.Contains(Servers.Mails, mail => IsTest(mail, "Subject: [farm.localhost] info: AlertTest", "To: oncall@example.com"));
        Assert.Contains(Servers.Messages, message =>
            message is { Path: "/hook", Authorization: $"Bearer {Token}" } && IsTest(message.Body, "\"status\":\"firing\"", "AlertTest")
        );

        static bool IsTest(string text, params string[] parts) =>
            parts.Append("This is a test of receiver").All(part => text.Contains(part, StringComparison.Ordinal));
    }

    [Fact, Long]
    public async Task A_receiver_that_fails_is_told_to_the_others_and_a_silence_ends_that()
    {
        await farm.CommandAsync("alerts", "test", "broken");

        await SharedFarm.EventuallyAsync("a mail says that broken is not told", () =>
            Task.FromResult(
                Servers.Mails.Any(mail =>
                    mail.Contains("critical: AlertsNotDelivered", StringComparison.Ordinal)
                    && mail.Contains("Receiver broken (webhook) is not told", StringComparison.Ordinal)
                )
            )
        );
        Assert.Contains("Receiver broken", await SharedFarm.SucceedsAsync(farm.CommandAsync("status")), StringComparison.Ordinal);
        Assert.Contains(await AlertsAsync(), alert => alert is { Name: "AlertsNotDelivered", State: AlertState.Firing });

        await SharedFarm.SucceedsAsync(farm.CommandAsync("alerts", "silence", "AlertsNotDelivered", "--for", "5m", "--reason", "a test"));

        await SharedFarm.EventuallyAsync("it is silenced", async () =>
            (await AlertsAsync()).Any(alert => alert is { Name: "AlertsNotDelivered", State: AlertState.Silenced })
        );
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        var silence = Assert.Single(await orchestrator.SendAsync(AlertRoutes.Silences, CancellationToken.None));
        await SharedFarm.SucceedsAsync(farm.CommandAsync("alerts", "unsilence", silence.Id));
        Assert.Empty(await orchestrator.SendAsync(AlertRoutes.Silences, CancellationToken.None));
    }

    [Fact, Long]
    public async Task Bad_input_of_a_silence_is_refused_with_all_problems()
    {
        var (exitCode, output) = await farm.CommandAsync("alerts", "silence", "NoSuchAlert", "redis-1", "--for", "2h", "--reason", " ");

        Assert.Equal(2, exitCode);
        Assert.All(["'NoSuchAlert'", "'redis-1'", "reason"], problem => Assert.Contains(problem, output, StringComparison.Ordinal));
        Assert.Equal(2, (await farm.CommandAsync("alerts", "silence", "PoolDown", "--for", "soon", "--reason", "x")).ExitCode);
        Assert.Equal(2, (await farm.CommandAsync("alerts", "unsilence", "gone")).ExitCode);
        Assert.Equal(2, (await farm.CommandAsync("alerts", "test", "nobody-here")).ExitCode);
    }

    private async Task<string> AskAsync(Site site, string expression) =>
        await SharedFarm.PhpAsync((await farm.ContainersAsync(Pool.Name(site.Tier)))[0], site, $"echo {expression}");

    private async Task<string> LogAsync() => await SharedFarm.DockerAsync("logs", (await farm.ContainersAsync("egress"))[0]);

    private async Task SendAsync(Site site, string to, string subject) =>
        Assert.Equal(
            "sent",
            await SharedFarm.PhpAsync(
                (await farm.ContainersAsync(Pool.Name(site.Tier)))[0],
                site,
                $"echo wp_mail('{to}', '{subject}', 'Hello') ? 'sent' : 'not sent'"
            )
        );

    private async Task<IReadOnlyList<SiteMail>> KeptAsync(Site site, string subject)
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        var kept = await orchestrator.SendAsync(MailRoutes.List, new(site.Id), CancellationToken.None);
        return [.. kept.Where(mail => mail.Subject == subject)];
    }

    private static bool Has(string mail, string subject) => mail.Contains($"Subject: {subject}", StringComparison.Ordinal);

    private async Task<IReadOnlyList<ActiveAlert>> AlertsAsync()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return (await orchestrator.SendAsync(AlertRoutes.Status, CancellationToken.None)).Alerts;
    }

    /// <summary>A farm with a relay and with receivers of alerts, for all tests of the class.</summary>
    public sealed class ToldFarm(SharedFarm farm) : IAsyncLifetime
    {
        /// <summary>A web server that the proxy reaches by this name and by an address that is not private.</summary>
        public const string Outside = "outside.example.com";

        private static string OutsideNetwork => $"wpfarm-{SharedFarm.Name}-outside";

        internal OutsideServers Servers { get; private set; } = null!;

        public (int ExitCode, string Output) UpWithoutSecrets { get; private set; }

        public async ValueTask InitializeAsync()
        {
            Servers = await OutsideServers.StartAsync();
            // This machine, as containers of the farm reach it.
            var here = await SharedFarm.DockerAsync(
                "network",
                "inspect",
                "--format",
                "{{(index .IPAM.Config 0).Gateway}}",
                $"{farm.Instance.Project}_{Network.Management}"
            );
            await File.WriteAllTextAsync(
                farm.FarmFile,
                $$"""
                {"mail": {"relay": {"host": "{{here}}", "port": {{Servers.SmtpPort}}, "tls": false} },
                 "sites": {
                  "blog": {"tier": "bronze", "title": "The Blog"},
                  "shop": {"tier": "silver", "title": "The Shop", "mail": {"capture": true} } },
                 "tiers": {"silver": {"egress": ["example.com"]} },
                 "observability": {"alerts": {
                  "smtp": {"host": "{{here}}", "port": {{Servers.SmtpPort}}, "from": "farm@example.com", "tls": false},
                  "receivers": {
                    "oncall": {"type": "mail", "address": "{{OutsideServers.Mailbox}}"},
                    "refused": {"type": "mail", "address": "{{OutsideServers.RefusedMailbox}}"},
                    "hook": {"type": "webhook", "address": "http://{{here}}:{{Servers.WebPort}}/hook", "token": true},
                    "broken": {"type": "webhook"}
                  }
                 }
                }
                }
                """
            );
            UpWithoutSecrets = await farm.CommandAsync("up", "--detach", "--free-ports");
            await SetAsync("alert-hook", Token);
            await SetAsync("alert-broken", $"http://{here}:{Servers.WebPort}{OutsideServers.BrokenPath}");
            await farm.UpAsync();
            await OpenAsync();
        }

        /// <summary>Restores farm.json, also after a failure: all test classes share the farm.</summary>
        public async ValueTask DisposeAsync()
        {
            await CloseAsync();
            await File.WriteAllTextAsync(farm.FarmFile, "{}");
            await farm.UpAsync();
            await Servers.DisposeAsync();
            foreach (var secret in new[] { "alert-hook", "alert-broken" })
                File.Delete(farm.Secrets.PathOf(secret));
        }

        /// <summary>Addresses of TEST-NET-2 (RFC 5737) are nobody's, and not private.</summary>
        private async Task OpenAsync()
        {
            await CloseAsync();
            await SharedFarm.DockerAsync("network", "create", "--subnet", "198.51.100.0/24", OutsideNetwork);
            var pool = (await farm.ContainersAsync(Pool.Name(farm.Blog.Tier)))[0];
            var image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", pool);
            string[] network = ["--network", OutsideNetwork, "--network-alias", Outside];
            string[] server = ["--entrypoint", "php", image, "-S", "0.0.0.0:8080", "-t", "/usr/share/wordpress/wp-admin/images"];
            await SharedFarm.DockerAsync(["run", "--detach", "--name", OutsideNetwork, .. network, .. server]);
            await SharedFarm.DockerAsync("network", "connect", OutsideNetwork, (await farm.ContainersAsync("egress"))[0]);
        }

        /// <summary>Does nothing when nothing is open.</summary>
        private async Task CloseAsync()
        {
            await SharedFarm.RunAsync("docker", ["rm", "--force", OutsideNetwork]);
            foreach (var container in await farm.ContainersAsync("egress"))
                await SharedFarm.RunAsync("docker", ["network", "disconnect", "--force", OutsideNetwork, container]);
            await SharedFarm.RunAsync("docker", ["network", "rm", OutsideNetwork]);
        }

        private async Task SetAsync(string secret, string value) =>
            await SharedFarm.SucceedsAsync(
                SharedFarm.RunAsync(
                    "bash",
                    [
                        "-c",
                        "printf %s \"$1\" | \"$2\" secrets set \"$3\" --name \"$4\" --file \"$5\"",
                        "set",
                        value,
                        Path.Combine(WpFarm.Deployment.Instance.RepositoryRoot.Find(), "farm"),
                        secret,
                        SharedFarm.Name,
                        farm.FarmFile,
                    ]
                )
            );
    }
}
