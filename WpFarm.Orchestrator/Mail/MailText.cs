using System.Text;
using MimeKit;

namespace WpFarm.Orchestrator.Mail;

internal static class MailText
{
    public static SiteMailMessage Of(SiteMail mail, MimeMessage message)
    {
        using var source = new MemoryStream();
        message.WriteTo(source);
        return new(
            mail,
            message.TextBody ?? message.HtmlBody ?? "",
            [.. message.Attachments.Select(NameOf)],
            Encoding.UTF8.GetString(source.ToArray())
        );
    }

    private static string NameOf(MimeEntity part) =>
        part.ContentDisposition?.FileName ?? part.ContentType.Name ?? part.ContentType.MimeType;
}
