using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace WpFarm.Tests.Integration;

/// <summary>
/// A mail server and a web server of this process, which containers reach. The mail server refuses one mailbox, and the web server
/// answers one path with 500.
/// </summary>
internal sealed class OutsideServers : IAsyncDisposable
{
    public const string Mailbox = "oncall@example.com";
    public const string RefusedMailbox = "refused@example.com";
    public const string BrokenPath = "/broken";

    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _web;
    private readonly Task _mail;

    private OutsideServers(WebApplication web, int smtpPort)
    {
        (_web, SmtpPort) = (web, smtpPort);
        var parts = new ServiceProvider();
        parts.Add(new Store(Mails));
        parts.Add(new Filter());
        _mail = new SmtpServer.SmtpServer(
            new SmtpServerOptionsBuilder().ServerName("mail.example.com").Port(smtpPort).Build(),
            parts
        ).StartAsync(_stop.Token);
    }

    /// <summary>The mails that were accepted, as they were sent.</summary>
    public ConcurrentQueue<string> Mails { get; } = [];

    /// <summary>What the web server was sent.</summary>
    public ConcurrentQueue<WebMessage> Messages { get; } = [];

    public int SmtpPort { get; }

    public int WebPort => new Uri(_web.Urls.Single()).Port;

    public static async Task<OutsideServers> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://0.0.0.0:0");
        var web = builder.Build();
        OutsideServers? servers = null;
        web.MapPost("/{path}", async (HttpRequest request) =>
        {
            using var body = new StreamReader(request.Body);
            servers!.Messages.Enqueue(
                new(request.Path, request.Headers.Authorization.ToString(), await body.ReadToEndAsync(request.HttpContext.RequestAborted))
            );
            return Results.StatusCode(
                request.Path == BrokenPath ? StatusCodes.Status500InternalServerError : StatusCodes.Status204NoContent
            );
        });
        await web.StartAsync();
        servers = new(web, FreePort());
        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _mail;
        await _web.DisposeAsync();
        _stop.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Any, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private sealed class Store(ConcurrentQueue<string> mails) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context,
            IMessageTransaction transaction,
            ReadOnlySequence<byte> buffer,
            CancellationToken cancellationToken
        )
        {
            mails.Enqueue(Encoding.UTF8.GetString(buffer));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    private sealed class Filter : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(
            ISessionContext context,
            IMailbox to,
            IMailbox from,
            CancellationToken cancellationToken
        ) => Task.FromResult($"{to.User}@{to.Host}" != RefusedMailbox);
    }
}

/// <param name="Authorization">The header.</param>
internal sealed record WebMessage(string Path, string Authorization, string Body);
