namespace WpFarm.Contracts.Api;

/// <summary>A mail of a site that is kept in the farm.</summary>
/// <param name="Id">Its number in the mailbox. No other mail of the mailbox ever gets it.</param>
/// <param name="At">When the mail server took it.</param>
/// <param name="From">The header From.</param>
/// <param name="To">The header To. Those who get a blind copy are not in it.</param>
/// <param name="Subject">The header Subject. Empty: it has none.</param>
/// <param name="Bytes">Its length, with headers and attachments.</param>
public sealed record SiteMail(uint Id, DateTimeOffset At, string From, string To, string Subject, long Bytes);

/// <summary>One mail, to be read.</summary>
/// <param name="Text">The text. Of a mail that has HTML only, its HTML.</param>
/// <param name="Attachments">Names of the attached files.</param>
/// <param name="Source">The whole mail, as it was sent.</param>
public sealed record SiteMailMessage(SiteMail Mail, string Text, IReadOnlyList<string> Attachments, string Source);

/// <param name="Deleted">How many mails were deleted.</param>
public sealed record DeletedMail(int Deleted);
