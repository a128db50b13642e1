using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Mail</c>: where the mail is that is kept in the farm.</summary>
public sealed record MailSettings
{
    /// <summary>The mail server's IMAP: <c>imap://mail:1143</c>.</summary>
    public required Uri Imap { get; init; }

    /// <summary>File with the password that opens every mailbox.</summary>
    public required string PasswordFile { get; init; }

    /// <summary>The mail server does not answer when it has not within this time. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two looks at the mail that came back. 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReturnedInterval { get; init; } = TimeSpan.FromMinutes(1);
}
