using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace WpFarm.Topology.FarmFile;

public sealed record MailOptions
{
    [Description(
        "The mail server that the sites' mail goes through. Without one, mail stays in the farm: ./farm site mail. See docs/mail.md."
    )]
    public MailRelayOptions? Relay { get; init; }
}

public sealed record MailRelayOptions
{
    [Description("Host name or address of the mail server."), Required]
    public string Host { get; init; } = "";

    [Description("Its port. On 465 the connection is encrypted from the start."), Range(1, 65535)]
    public int Port { get; init; } = 587;

    [Description("User name to log in with. The secret mail-relay-password holds the password. Without it, there is no login.")]
    public string? User { get; init; }

    [Description("Send no mail without encryption, nor to a server whose certificate is not valid. false: only in a trusted network.")]
    public bool Tls { get; init; } = true;
}

/// <summary>The mail of one site.</summary>
public sealed record SiteMailOptions
{
    [Description("Domains that the site may send from, beside its hosts. Example: example.com for the host shop.example.com.")]
    public IReadOnlyList<string> Domains { get; init; } = [];

    [Description("Keep the site's mail in the farm, although there is a relay: for a site that is built or tried.")]
    public bool Capture { get; init; }
}
