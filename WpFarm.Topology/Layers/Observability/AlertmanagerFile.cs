using WpFarm.Topology.FarmFile;
using YamlDotNet.Serialization;

namespace WpFarm.Topology.Layers.Observability;

/// <summary>
/// Alertmanager's configuration for the receivers of farm.json. Secrets are named as files, which it reads for each notification.
/// https://prometheus.io/docs/alerting/0.28/configuration/
/// </summary>
internal static class AlertmanagerFile
{
    private const string Subject = """{{ template "farm.subject" . }}""";
    private const string Text = """{{ template "farm.text" . }}""";

    public static string Write(AlertOptions options)
    {
        var file = new OrderedDictionary<string, object>();
        if (options is { SendsMail: true, Smtp: { } smtp })
            file.Add("global", Smtp(smtp));
        file.Add("templates", new[] { "messages.tmpl" });
        file.Add("route", Route(options));
        file.Add(
            "receivers",
            options.Receivers.Select(receiver => Receiver(receiver.Key, receiver.Value)).Prepend(new() { ["name"] = Alertmanager.Nobody })
        );
        return new SerializerBuilder().WithIndentedSequences().Build().Serialize(file) + Embedded.Text("Observability/inhibitions.yml");
    }

    /// <summary>The texts of the messages, with the farm's name and the address of its runbooks.</summary>
    public static string Messages(FarmOptions options) =>
        Embedded.Text("Observability/messages.tmpl")
        + Define("farm.name", options.Domain)
        + Define("farm.repository", options.Observability.Alerts.Repository is { } address ? address.TrimEnd('/') + "/" : "");

    private static string Define(string name, string text) => $"{{{{ define \"{name}\" }}}}{text}{{{{ end }}}}\n";

    private static Dictionary<string, object> Smtp(SmtpOptions smtp)
    {
        var global = new Dictionary<string, object>
        {
            ["smtp_smarthost"] = $"{smtp.Host}:{smtp.Port}",
            ["smtp_from"] = smtp.From,
            ["smtp_require_tls"] = smtp.Tls,
        };
        if (smtp.User is { } user)
            (global["smtp_auth_username"], global["smtp_auth_password_file"]) = (user, Secret.PathOf(Secret.SmtpPassword));
        return global;
    }

    /// <summary>
    /// One route for each receiver, which goes on to the next receiver's. One message is about all services with the same alert, so that a
    /// lost node is not a message for each. Critical alerts are told after 10 s, and again every 4 h; others after a minute, and again
    /// each day.
    /// </summary>
    private static Dictionary<string, object> Route(AlertOptions options) =>
        new()
        {
            ["receiver"] = Alertmanager.Nobody,
            ["group_by"] = new[] { "alertname" },
            ["group_wait"] = "1m",
            ["group_interval"] = "1m",
            ["repeat_interval"] = "24h",
            ["routes"] = (object[])
                [
                    Tests(options),
                    .. options.Receivers.SelectMany(Heartbeats),
                    Unrouted(Alertmanager.Heartbeat),
                    .. options.Receivers.Select(Alerts),
                ],
        };

    /// <summary>A test goes to the receiver that it names, each at once and for itself.</summary>
    private static Dictionary<string, object> Tests(AlertOptions options) =>
        new()
        {
            ["receiver"] = Alertmanager.Nobody,
            ["matchers"] = new[] { $"alertname = \"{Alertmanager.TestAlert}\"" },
            ["group_by"] = new[] { "..." },
            ["group_wait"] = "0s",
            ["group_interval"] = "10s",
            ["routes"] = options.Receivers.Keys.Select(name => new Dictionary<string, object>
            {
                ["receiver"] = name,
                ["matchers"] = new[] { $"{Alertmanager.TestedReceiver} = \"{name}\"" },
            }),
        };

    private static IEnumerable<object> Heartbeats(KeyValuePair<string, ReceiverOptions> receiver) =>
        receiver.Value.HeartbeatMinutes is > 0 and var minutes
            ?
            [
                new Dictionary<string, object>
                {
                    ["receiver"] = receiver.Key,
                    ["matchers"] = new[] { $"alertname = \"{Alertmanager.Heartbeat}\"" },
                    ["group_wait"] = "0s",
                    ["repeat_interval"] = $"{minutes}m",
                    ["continue"] = true,
                },
            ]
            : [];

    private static Dictionary<string, object> Unrouted(string alert) =>
        new() { ["receiver"] = Alertmanager.Nobody, ["matchers"] = new[] { $"alertname = \"{alert}\"" } };

    private static Dictionary<string, object> Alerts(KeyValuePair<string, ReceiverOptions> receiver) =>
        new()
        {
            ["receiver"] = receiver.Key,
            ["matchers"] = new[] { $"severity =~ \"{string.Join('|', Severities(receiver.Value))}\"" },
            ["continue"] = true,
            ["routes"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["receiver"] = receiver.Key,
                    ["matchers"] = new[] { $"severity = \"{ApiJson.Word(AlertSeverity.Critical)}\"" },
                    ["group_wait"] = "10s",
                    ["repeat_interval"] = "4h",
                },
            },
        };

    private static IEnumerable<string> Severities(ReceiverOptions receiver) =>
        Enum.GetValues<AlertSeverity>().Where(severity => severity >= receiver.Severity).Select(severity => ApiJson.Word(severity));

    private static OrderedDictionary<string, object> Receiver(string name, ReceiverOptions receiver)
    {
        var secret = Secret.PathOf(Secret.OfReceiver(name, receiver.HasSecretAddress).Name);
        var (key, settings) = receiver.Type switch
        {
            ReceiverType.Mail => ("email_configs", Mail(receiver)),
            ReceiverType.Slack => (
                "slack_configs",
                new()
                {
                    ["api_url_file"] = secret,
                    ["title"] = Subject,
                    ["text"] = Text,
                    ["color"] = """{{ template "farm.color" . }}""",
                }
            ),
            ReceiverType.Teams => (
                "msteamsv2_configs",
                new()
                {
                    ["webhook_url_file"] = secret,
                    ["title"] = Subject,
                    ["text"] = Text,
                }
            ),
            ReceiverType.Webhook => ("webhook_configs", Web(receiver.Address, receiver, secret)),
            ReceiverType.Ntfy => ("webhook_configs", Web(receiver.Address + NtfyMessage, receiver, secret)),
            _ => throw new ArgumentOutOfRangeException(nameof(receiver), receiver.Type, "No such type."),
        };
        settings["send_resolved"] = receiver.Resolved;
        return new() { ["name"] = name, [key] = new[] { settings } };
    }

    private static Dictionary<string, object> Mail(ReceiverOptions receiver) =>
        new()
        {
            ["to"] = receiver.Address!,
            ["headers"] = new Dictionary<string, string> { ["Subject"] = Subject },
            ["text"] = Text,
            ["html"] = "",
        };

    private static Dictionary<string, object> Web(string? address, ReceiverOptions receiver, string secret)
    {
        var settings = new Dictionary<string, object>();
        if (address is null)
            settings["url_file"] = secret;
        else
            settings["url"] = address;
        if (receiver.Token)
            settings["http_config"] = new { authorization = new { type = "Bearer", credentials_file = secret } };
        return settings;
    }

    /// <summary>
    /// ntfy makes the message itself, by templates in the query, from the JSON that Alertmanager sends. Since ntfy 2.10.
    /// https://docs.ntfy.sh/publish/#message-templating
    /// </summary>
    private static string NtfyMessage { get; } =
        "?tpl=1"
        + $"&t={Uri.EscapeDataString("{{.status}} {{.commonLabels.severity}}: {{.groupLabels.alertname}}")}"
        + $"&m={Uri.EscapeDataString("{{range .alerts}}{{.annotations.summary}} Since {{.startsAt}}. {{.annotations.runbook}}\n{{end}}")}";
}
