using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>Alerts reach a real mail server and a real web server, and what does not reach its receiver is said.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class AlertTests(SharedFarm farm) : IAsyncLifetime
{
    private const string Token = "correct-horse";

    private AlertReceivers _receivers = null!;

    /// <summary>This machine, as containers of the farm reach it.</summary>
    private string _here = "";

    public async ValueTask InitializeAsync()
    {
        _receivers = await AlertReceivers.StartAsync();
        _here = await SharedFarm.DockerAsync(
            "network",
            "inspect",
            "--format",
            "{{(index .IPAM.Config 0).Gateway}}",
            $"{farm.Instance.Project}_{Network.Management}"
        );
    }

    /// <summary>Restores farm.json, also after a failure: all test classes share the farm.</summary>
    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(farm.FarmFile, "{}");
        await farm.UpAsync();
        await _receivers.DisposeAsync();
        foreach (var secret in new[] { "alert-hook", "alert-broken" })
            File.Delete(farm.Secrets.PathOf(secret));
    }

    [Fact]
    public async Task A_test_reaches_a_mail_server_and_a_web_server_and_says_who_was_not_reached_and_why()
    {
        await WriteReceiversAsync();
        var (refused, problems) = await farm.CommandAsync("up", "--detach", "--free-ports");
        Assert.Equal(2, refused);
        Assert.Contains("secret alert-hook: is not set", problems, StringComparison.Ordinal);
        Assert.Contains("secret alert-broken: is not set", problems, StringComparison.Ordinal);

        await SetSecretsAsync();
        await farm.UpAsync();
        var (exitCode, output) = await farm.CommandAsync("alerts", "test");

        Assert.Equal(1, exitCode);
        Assert.Contains("oncall: delivered", output, StringComparison.Ordinal);
        Assert.Contains("hook: delivered", output, StringComparison.Ordinal);
        Assert.Matches("broken: not delivered, [0-9]+ attempts: .*500", output);
        Assert.Matches("refused: not delivered, [0-9]+ attempts: .*550", output);
        // Other alerts may fire at the same time, such as that the machine is busy.
        Assert.Contains(_receivers.Mails, mail => IsTest(mail, "Subject: [farm.localhost] info: AlertTest", "To: oncall@example.com"));
        Assert.Contains(_receivers.Messages, message =>
            message is { Path: "/hook", Authorization: $"Bearer {Token}" } && IsTest(message.Body, "\"status\":\"firing\"", "AlertTest")
        );

        static bool IsTest(string text, params string[] parts) =>
            parts.Append("This is a test of receiver").All(part => text.Contains(part, StringComparison.Ordinal));
    }

    [Fact, Long]
    public async Task A_receiver_that_fails_is_told_to_the_others_and_a_silence_ends_that()
    {
        await WriteReceiversAsync();
        await SetSecretsAsync();
        await farm.UpAsync();

        await farm.CommandAsync("alerts", "test", "broken");

        await SharedFarm.EventuallyAsync("a mail says that broken is not told", () =>
            Task.FromResult(
                _receivers.Mails.Any(mail =>
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

    private Task WriteReceiversAsync() =>
        File.WriteAllTextAsync(
            farm.FarmFile,
            $$"""
            {"observability": {"alerts": {
              "smtp": {"host": "{{_here}}", "port": {{_receivers.SmtpPort}}, "from": "farm@example.com", "tls": false},
              "receivers": {
                "oncall": {"type": "mail", "address": "{{AlertReceivers.Mailbox}}"},
                "refused": {"type": "mail", "address": "{{AlertReceivers.RefusedMailbox}}"},
                "hook": {"type": "webhook", "address": "http://{{_here}}:{{_receivers.WebPort}}/hook", "token": true},
                "broken": {"type": "webhook"} } } } }
            """
        );

    private async Task SetSecretsAsync()
    {
        await SetAsync("alert-hook", Token);
        await SetAsync("alert-broken", $"http://{_here}:{_receivers.WebPort}{AlertReceivers.BrokenPath}");
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

    private async Task<IReadOnlyList<ActiveAlert>> AlertsAsync()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return (await orchestrator.SendAsync(AlertRoutes.Status, CancellationToken.None)).Alerts;
    }
}
