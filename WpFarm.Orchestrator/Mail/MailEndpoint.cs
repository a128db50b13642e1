using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Mail;

internal static class MailEndpoint
{
    public static void MapMail(this IEndpointRouteBuilder api)
    {
        api.Map(MailRoutes.List, ([AsParameters] MailboxRequest request, Farm farm, Mailboxes mailboxes, CancellationToken cancel) =>
            mailboxes.ListAsync(farm.SiteOf(request.Site), request.Returned, cancel)
        );
        api.Map(MailRoutes.Read, ([AsParameters] MailRequest request, Farm farm, Mailboxes mailboxes, CancellationToken cancel) =>
            mailboxes.ReadAsync(farm.SiteOf(request.Site), request.Id, request.Returned, cancel)
        );
        api.Map(MailRoutes.Delete, ([AsParameters] MailboxRequest request, Farm farm, Mailboxes mailboxes, CancellationToken cancel) =>
            mailboxes.DeleteAsync(farm.SiteOf(request.Site), request.Returned, cancel)
        );
    }
}
