using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace WpFarm.Topology.FarmFile;

/// <summary>Mail addresses of WordPress users. WordPress's own check, <c>is_email()</c>, accepts each of them.</summary>
internal static partial class MailAddresses
{
    /// <summary>Length that WordPress's table of users has room for.</summary>
    private const int MaxLength = 100;

    /// <summary>The address with its host in the ASCII form. False if WordPress would not accept it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? address)
    {
        address = null;
        var at = text.LastIndexOf('@');
        if (at < 0 || !Mailbox().IsMatch(text[..at]) || !HostName.TryParse(text[(at + 1)..], out var host))
            return false;
        var whole = $"{text[..at]}@{host}";
        address = host.Contains('.', StringComparison.Ordinal) && whole.Length is >= 6 and <= MaxLength ? whole : null;
        return address is not null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+\z")]
    private static partial Regex Mailbox();
}
