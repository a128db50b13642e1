namespace WpFarm.Contracts.Api.Routes;

/// <summary>
/// The mail of a site that is kept in the farm: because it has no relay, because the site is tried, or because it came back.
/// </summary>
public static class MailRoutes
{
    public static ApiRoute<MailboxRequest, IReadOnlyList<SiteMail>> List { get; } =
        new(HttpMethod.Get, "/api/sites/{site}/mail", "The mail of a site that is kept in the farm, the latest first; at most 100.");

    public static ApiRoute<MailRequest, SiteMailMessage> Read { get; } =
        new(HttpMethod.Get, "/api/sites/{site}/mail/{id}", "One mail of a site that is kept in the farm.");

    public static ApiRoute<MailboxRequest, DeletedMail> Delete { get; } =
        new(HttpMethod.Delete, "/api/sites/{site}/mail", "Deletes the mail of a site that is kept in the farm.");
}

/// <param name="Site">Its key in farm.json.</param>
/// <param name="Returned">True: the mail that could not be delivered, and came back.</param>
public sealed record MailboxRequest(string Site, bool Returned = false);

/// <param name="Site">Its key in farm.json.</param>
/// <param name="Id">The mail's number in the mailbox.</param>
/// <param name="Returned">True: of the mail that could not be delivered, and came back.</param>
public sealed record MailRequest(string Site, uint Id, bool Returned = false);
