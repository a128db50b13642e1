using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

public sealed class AlertRulesTests
{
    [Fact]
    public void Receivers_of_each_type_are_valid()
    {
        Assert.Empty(
            Problems(
                """
                "smtp": {"host": "mail.example.com", "from": "farm@example.com"},
                "receivers": {
                  "a": {"type": "mail", "address": "a@example.com, b@example.com", "severity": "critical"},
                  "b": {"type": "slack"}, "c": {"type": "teams"}, "d": {"type": "webhook"},
                  "e": {"type": "webhook", "address": "https://example.com/hook", "token": true},
                  "f": {"type": "ntfy", "address": "https://ntfy.example.com/farm", "token": true, "heartbeatMinutes": 5}}
                """
            )
        );
    }

    [Fact]
    public void All_problems_are_said_at_once_each_with_its_key()
    {
        var problems = Problems(
            """
            "repository": "blob/main",
            "smtp": {"host": "not a host", "from": "farm", "user": "farm", "tls": false},
            "receivers": {
              "Bad": {"type": "slack"}, "nobody": {"type": "slack"},
              "mail": {"type": "mail"}, "mails": {"type": "mail", "address": "a@example.com, b"},
              "chat": {"type": "slack", "address": "https://hooks.example.com/T0KEN"},
              "team": {"type": "teams", "token": true},
              "push": {"type": "ntfy"}, "hook": {"address": "example.com/hook"}, "token": {"token": true}}
            """
        );

        Assert.Equal(
            new[]
            {
                "receivers.Bad",
                "receivers.chat.address",
                "receivers.hook.address",
                "receivers.mail.address",
                "receivers.mails.address",
                "receivers.nobody",
                "receivers.push.address",
                "receivers.team.token",
                "receivers.token.address",
                "repository",
                "smtp.from",
                "smtp.host",
                "smtp.tls",
            }.Select(key => $"observability.alerts.{key}"),
            problems.Select(problem => problem.Path).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("""{"type": "pager"}""", "receivers.x.type", "mail")]
    [InlineData("""{"type": "slack", "severity": "urgent"}""", "receivers.x.severity", "critical")]
    [InlineData("""{"type": "mail", "address": "a@example.com"}""", "smtp", "mail.example.com")]
    public void A_problem_names_what_would_be_right(string receiver, string key, string right)
    {
        var problem = Assert.Single(Problems($$""" "receivers": {"x": {{receiver}} } """));

        Assert.Equal($"observability.alerts.{key}", problem.Path);
        Assert.Contains(right, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Receivers_need_the_observability_that_tells_them()
    {
        const string Text = """{"observability": {"enabled": false, "alerts": {"receivers": {"x": {"type": "slack"}}}}}""";

        Assert.Equal("observability.alerts.receivers", Assert.Single(ChangedKey.Read(Text).Problems).Path);
    }

    private static IReadOnlyList<FarmFileProblem> Problems(string alerts) =>
        ChangedKey.Read($$"""{"observability": {"alerts": { {{alerts}} } } }""").Problems;
}
