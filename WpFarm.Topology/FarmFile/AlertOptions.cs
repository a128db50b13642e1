using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace WpFarm.Topology.FarmFile;

public sealed record AlertOptions
{
    [Description("Who is told of alerts, by a short name. Without any, alerts are only shown. See docs/alerts.md.")]
    public IReadOnlyDictionary<string, ReceiverOptions> Receivers { get; init; } = new SortedDictionary<string, ReceiverOptions>();

    [Description("The mail server that sends the mails of receivers of type mail.")]
    public SmtpOptions? Smtp { get; init; }

    [Description(
        "Address below which the files of this repository can be read, for example https://git.example.com/farm/blob/main. "
            + "A message links to its runbook there. Without it, a message has the runbook's path in the repository."
    )]
    public string? Repository { get; init; }

    internal bool SendsMail => Receivers.Values.Any(receiver => receiver.Type is ReceiverType.Mail);
}

public sealed record ReceiverOptions
{
    [
        Description("mail, webhook (Alertmanager's JSON), slack (or Mattermost, Rocket.Chat), teams (a workflow's webhook) or ntfy."),
        Required
    ]
    public ReceiverType Type { get; init; } = ReceiverType.Webhook;

    [Description(
        "Of mail: addresses, separated by commas. Of ntfy: the address of the topic. Of webhook: the address, where it has no token in it. "
            + "Of slack, teams, and a webhook without this key, the secret alert-NAME holds the address: ./farm secrets set alert-NAME."
    )]
    public string? Address { get; init; }

    [Description("Of webhook and ntfy: the secret alert-NAME holds a token, which is sent as Authorization: Bearer.")]
    public bool Token { get; init; }

    [Description("The least severe alerts that it is told of: info, warning or critical. It is told of more severe ones too.")]
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    [Description("Tell it, too, when an alert is over.")]
    public bool Resolved { get; init; } = true;

    [
        Description(
            "Minutes from one alert Watchdog to the next, which always fires. "
                + "A service that expects it can tell a person when it stays away. 0: none is sent."
        ),
        Range(0, 60)
    ]
    public int HeartbeatMinutes { get; init; }

    /// <summary>True: the secret of the receiver holds the address.</summary>
    internal bool HasSecretAddress => Type is ReceiverType.Slack or ReceiverType.Teams || (Type is ReceiverType.Webhook && Address is null);

    internal bool HasSecret => HasSecretAddress || Token;
}

[JsonConverter(typeof(JsonStringEnumConverter<ReceiverType>))]
public enum ReceiverType
{
    [JsonStringEnumMemberName("mail")]
    Mail,

    [JsonStringEnumMemberName("webhook")]
    Webhook,

    [JsonStringEnumMemberName("slack")]
    Slack,

    [JsonStringEnumMemberName("teams")]
    Teams,

    [JsonStringEnumMemberName("ntfy")]
    Ntfy,
}

public sealed record SmtpOptions
{
    [Description("Host name or address of the mail server."), Required]
    public string Host { get; init; } = "";

    [Description("Its port. On 465 the connection is encrypted from the start."), Range(1, 65535)]
    public int Port { get; init; } = 587;

    [Description("The sender's mail address."), Required]
    public string From { get; init; } = "";

    [Description("User name to log in with. The secret smtp-password holds the password. Without it, there is no login.")]
    public string? User { get; init; }

    [Description("Send no mail without encryption. false: only for a server in a trusted network.")]
    public bool Tls { get; init; } = true;
}
