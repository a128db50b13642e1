using WpFarm.Tests.Topology.FarmFile;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Observability;
using YamlDotNet.Serialization;

namespace WpFarm.Tests.Topology.Layers.Observability;

/// <summary>What the farm tells Alertmanager. That Alertmanager reads it, and routes so, RenderedConfigurationTests check.</summary>
public sealed class AlertmanagerFileTests
{
    /// <summary>A receiver of each kind.</summary>
    public const string EachKind = """
        {"domain": "farm.example.com", "observability": {"alerts": {
          "repository": "https://git.example.com/farm/blob/main/",
          "smtp": {"host": "mail.example.com", "from": "farm@example.com", "user": "farm"},
          "receivers": {
            "oncall": {"type": "mail", "address": "oncall@example.com", "severity": "critical"},
            "chat": {"type": "slack"}, "team": {"type": "teams", "resolved": false},
            "hook": {"type": "webhook", "address": "https://hooks.example.com/farm", "token": true, "heartbeatMinutes": 5},
            "secret-hook": {"type": "webhook"},
            "phone": {"type": "ntfy", "address": "https://ntfy.example.com/farm", "severity": "info"}}}}}
        """;

    [Fact]
    public void A_farm_without_receivers_has_no_way_out_and_tells_nobody()
    {
        var alertmanager = Of("{}");

        Assert.Equal([Network.Monitoring], alertmanager.Networks.Select(network => network.Network));
        Assert.Empty(alertmanager.Secrets);
        Assert.Equal([Alertmanager.Nobody], Receivers(alertmanager).Select(receiver => receiver["name"]));
    }

    [Fact]
    public void A_farm_with_receivers_has_a_way_out_and_their_secrets()
    {
        var alertmanager = Of(EachKind);

        Assert.Contains(Network.All, network => !network.Internal && alertmanager.IsOn(network.Name));
        Assert.Equal(
            ["alert-chat", "alert-hook", "alert-secret-hook", "alert-team", "smtp-password"],
            alertmanager.Secrets.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("oncall", "email_configs", "to", "oncall@example.com")]
    [InlineData("chat", "slack_configs", "api_url_file", "/run/secrets/alert-chat")]
    [InlineData("team", "msteamsv2_configs", "webhook_url_file", "/run/secrets/alert-team")]
    [InlineData("team", "msteamsv2_configs", "send_resolved", "false")]
    [InlineData("hook", "webhook_configs", "url", "https://hooks.example.com/farm")]
    [InlineData("secret-hook", "webhook_configs", "url_file", "/run/secrets/alert-secret-hook")]
    [InlineData("secret-hook", "webhook_configs", "send_resolved", "true")]
    public void A_receiver_is_told_in_the_way_of_its_type(string name, string kind, string key, string value)
    {
        var receiver = Receivers(Of(EachKind)).Single(receiver => (string)receiver["name"] == name);

        var settings = (Dictionary<object, object>)Assert.Single((List<object>)receiver[kind]);
        Assert.Equal(value, settings[key]);
    }

    [Fact]
    public void A_message_names_the_farm_and_links_to_the_runbook()
    {
        var messages = Of(EachKind).Files.Single(file => file.Path.EndsWith(".tmpl", StringComparison.Ordinal)).Content;

        Assert.Contains("{{ define \"farm.name\" }}farm.example.com{{ end }}", messages, StringComparison.Ordinal);
        Assert.Contains(
            "{{ define \"farm.repository\" }}https://git.example.com/farm/blob/main/{{ end }}",
            messages,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_secret_that_somebody_else_issues_is_a_secret_of_the_farm_and_is_not_generated()
    {
        var farm = Farm.Build(ChangedKey.Valid(EachKind));

        Assert.Equal(
            ["alert-chat", "alert-hook", "alert-secret-hook", "alert-team", "smtp-password"],
            farm.Secrets.Where(secret => secret.IsIssued).Select(secret => secret.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["alert-chat", "alert-secret-hook", "alert-team"], farm.Secrets.Where(s => s.IsAddress).Select(s => s.Name).Order());
    }

    internal static Service Of(string farmFile) => Farm.Build(ChangedKey.Valid(farmFile)).Find(Alertmanager.Name)!;

    internal static string ConfigurationOf(Service alertmanager) =>
        alertmanager.Files.Single(file => file.Path.EndsWith("/alertmanager.yml", StringComparison.Ordinal)).Content;

    private static IEnumerable<Dictionary<object, object>> Receivers(Service alertmanager) =>
        (
            (List<object>)
                new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(ConfigurationOf(alertmanager))["receivers"]
        ).Cast<Dictionary<object, object>>();
}
