using System.Net.Sockets;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology;
using MailServer = WpFarm.Topology.Layers.Application.Mail;

namespace WpFarm.Orchestrator.Mail;

/// <summary>
/// The mailboxes of the farm's mail server. A site has one with the mail that does not leave the farm, and a folder in a common one with
/// the mail that came back. Each call throws <see cref="HttpRequestException"/> when the mail server does not answer.
/// </summary>
internal sealed class Mailboxes(IOptions<MailSettings> settings)
{
    private const int Shown = 100;

    /// <summary>The latest mails first, at most 100.</summary>
    public Task<IReadOnlyList<SiteMail>> ListAsync(Site site, bool returned, CancellationToken cancel) =>
        InFolderAsync<IReadOnlyList<SiteMail>>(
            site,
            returned,
            FolderAccess.ReadOnly,
            async (folder, limit) =>
            {
                var first = Math.Max(0, folder.Count - Shown);
                return folder.Count == 0 ? [] : [.. (await folder.FetchAsync(first, -1, s_listed, limit)).Reverse().Select(Mail)];
            },
            none: [],
            cancel
        );

    /// <exception cref="InvalidRequestException">The mailbox has no such mail.</exception>
    public async Task<SiteMailMessage> ReadAsync(Site site, uint id, bool returned, CancellationToken cancel) =>
        await InFolderAsync(
            site,
            returned,
            FolderAccess.ReadOnly,
            async (folder, limit) =>
            {
                // IMAP numbers mails from 1.
                var found = id == 0 ? [] : await folder.FetchAsync([new UniqueId(id)], s_listed, limit);
                return found is [var summary] ? MailText.Of(Mail(summary), await folder.GetMessageAsync(new UniqueId(id), limit)) : null;
            },
            none: null,
            cancel
        ) ?? throw new InvalidRequestException($"Site '{site.Id}' has no mail {id}. ./farm site mail {site.Id} lists them.");

    public Task<DeletedMail> DeleteAsync(Site site, bool returned, CancellationToken cancel) =>
        InFolderAsync(
            site,
            returned,
            FolderAccess.ReadWrite,
            async (folder, limit) =>
            {
                var all = await folder.SearchAsync(SearchQuery.All, limit);
                await folder.StoreAsync(all, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Deleted) { Silent = true }, limit);
                await folder.ExpungeAsync(limit);
                return new DeletedMail(all.Count);
            },
            none: new DeletedMail(0),
            cancel
        );

    /// <summary>How many mails came back, by the id of the site. A site without any may be missing.</summary>
    public Task<IReadOnlyDictionary<string, int>> CountReturnedAsync(CancellationToken cancel) =>
        ConnectedAsync<IReadOnlyDictionary<string, int>>(
            MailServer.Returned,
            async (client, limit) =>
                (await client.GetFoldersAsync(client.PersonalNamespaces[0], StatusItems.Count, subscribedOnly: false, limit))
                    .Where(folder => folder != client.Inbox)
                    .ToDictionary(folder => folder.FullName, folder => folder.Count),
            cancel
        );

    private static readonly FetchRequest s_listed = new(
        MessageSummaryItems.UniqueId | MessageSummaryItems.Envelope | MessageSummaryItems.InternalDate | MessageSummaryItems.Size
    );

    private static SiteMail Mail(IMessageSummary summary)
    {
        var envelope = summary.Envelope ?? new Envelope();
        return new(
            summary.UniqueId.Id,
            summary.InternalDate ?? default,
            $"{envelope.From}",
            $"{envelope.To}",
            envelope.Subject ?? "",
            summary.Size ?? 0
        );
    }

    /// <param name="none">The answer when nothing has been kept yet, so that there is no folder.</param>
    private Task<T> InFolderAsync<T>(
        Site site,
        bool returned,
        FolderAccess access,
        Func<IMailFolder, CancellationToken, Task<T>> work,
        T none,
        CancellationToken cancel
    ) =>
        ConnectedAsync(
            returned ? MailServer.Returned : site.Id,
            async (client, limit) =>
            {
                try
                {
                    var folder = returned ? await client.GetFolderAsync(site.Id, limit) : client.Inbox;
                    await folder.OpenAsync(access, limit);
                    return await work(folder, limit);
                }
                catch (FolderNotFoundException)
                {
                    return none;
                }
            },
            cancel
        );

    private async Task<T> ConnectedAsync<T>(string mailbox, Func<ImapClient, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        var (imap, timeout) = (settings.Value.Imap, settings.Value.Timeout);
        using var client = new ImapClient { Timeout = (int)timeout.TotalMilliseconds };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            await client.ConnectAsync(imap.Host, imap.Port, SecureSocketOptions.None, limit.Token);
            await client.AuthenticateAsync($"{mailbox}*{MailServer.Reader}", SecretFile.Read(settings.Value.PasswordFile), limit.Token);
            var result = await work(client, limit.Token);
            await client.DisconnectAsync(quit: true, limit.Token);
            return result;
        }
        catch (Exception e)
            when (e
                    is SocketException
                        or IOException
                        or TimeoutException
                        or ProtocolException
                        or CommandException
                        or AuthenticationException
                        or ServiceNotConnectedException
                        or ServiceNotAuthenticatedException
            )
        {
            throw new HttpRequestException($"mail: does not answer as it should ({e.Message}). ./farm logs mail", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"mail: did not answer within {timeout.TotalSeconds:0.#} s. ./farm logs mail", e);
        }
    }
}
