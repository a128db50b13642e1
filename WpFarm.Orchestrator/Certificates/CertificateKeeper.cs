using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>Sees to it that each host has a certificate, that it is renewed in time, and that the edges serve it.</summary>
internal sealed partial class CertificateKeeper(
    Farm farm,
    CertificateStore store,
    CertificateState state,
    IServedCertificates served,
    IAcmeClient acme,
    CertificateMetrics metrics,
    IOptions<CertificateSettings> options,
    TimeProvider time,
    ILogger<CertificateKeeper> logger
) : BackgroundService
{
    /// <summary>A host whose certificate is served is looked at again after this time.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMinutes(5);

    /// <summary>The name of a host that does not lead here may be changed at any time. Asking costs the authority nothing.</summary>
    private static readonly TimeSpan s_checkAgain = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<(string Host, string Site)> _hosts =
    [
        .. farm.Sites.SelectMany(site => site.Hosts, (site, host) => (host, site.Id)),
    ];
    private readonly ConcurrentDictionary<string, FailedIssue> _elsewhere = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Fingerprint, bool Served, DateTimeOffset At)> _looks = new(StringComparer.Ordinal);
    private Dictionary<string, HeldCertificate> _published = new(StringComparer.Ordinal);
    private Task _order = Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        do
        {
            try
            {
                await TickAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look: issues what is due, and publishes what there is.</summary>
    internal async Task TickAsync(CancellationToken cancel)
    {
        await store.RefreshAsync(cancel);
        var due = Due();
        if (options.Value.Local)
            foreach (var host in due)
                await IssueLocallyAsync(host, cancel);
        else if (options.Value.Acme is not null && _order.IsCompleted)
        {
            var ended = _order;
            _order = Task.CompletedTask;
            // Throws what the order did not expect, once.
            await ended;
            _order = due.Count > 0 && !IsRateLimited() ? OrderAsync(due[0], cancel) : Task.CompletedTask;
        }

        await PublishAsync(cancel);
    }

    private IReadOnlyList<string> Due() =>
        CertificatePlan.Due([.. _hosts.Select(entry => entry.Host)], store.Items!.Held, Failed(), time.GetUtcNow());

    private Dictionary<string, FailedIssue> Failed()
    {
        var now = time.GetUtcNow();
        var failed = store.Items!.Failed.ToDictionary(StringComparer.Ordinal);
        foreach (var (host, last) in _elsewhere.Where(entry => now - entry.Value.At < s_checkAgain))
            failed[host] = last;
        return failed;
    }

    private bool IsRateLimited() => store.Items!.Failed.Values.Any(last => last.RateLimited && last.NextTry > time.GetUtcNow());

    private async Task IssueLocallyAsync(string host, CancellationToken cancel)
    {
        var authority = store.Items!.Find(CertificateItems.Authority);
        if (authority is null)
        {
            authority = LocalAuthority.Create($"WpFarm {farm.Options.Domain}", time.GetUtcNow());
            await store.WriteAsync(CertificateItems.Authority, authority, cancel);
        }

        await store.WriteAsync(CertificateItems.Issued(host), LocalAuthority.Issue(authority, host, time.GetUtcNow()), cancel);
        metrics.Ordered(issued: true);
        LogIssued(host);
    }

    /// <summary>Runs beside the ticks, one order at a time.</summary>
    private async Task OrderAsync(string host, CancellationToken cancel)
    {
        try
        {
            if (await acme.ProblemOfAsync(host, cancel) is { } problem)
            {
                _elsewhere[host] = new(1, time.GetUtcNow(), problem);
                LogNotIssued(host, problem);
                return;
            }

            _elsewhere.TryRemove(host, out _);
            var order = await acme.OrderAsync(host, store.Items!.Find(CertificateItems.AcmeAccount), cancel);
            await KeepAsync(() => store.WriteAsync(CertificateItems.AcmeAccount, order.Account, cancel), cancel);
            await KeepAsync(() => store.WriteAsync(CertificateItems.Issued(host), order.Pem, cancel), cancel);
            if (store.Items!.Failed.ContainsKey(host))
                await KeepAsync(() => store.DeleteAsync(CertificateItems.FailedFor(host), cancel), cancel);
            metrics.Ordered(issued: true);
            LogIssued(host);
        }
        catch (AcmeException e)
        {
            metrics.Ordered(issued: false);
            var failures = store.Items!.Failed.TryGetValue(host, out var before) ? before.Failures + 1 : 1;
            var failed = new FailedIssue(failures, time.GetUtcNow(), e.Message) { RateLimited = e.RateLimited };
            LogNotIssued(host, e.Message);
            await KeepAsync(() => store.WriteAsync(CertificateItems.FailedFor(host), JsonSerializer.Serialize(failed), cancel), cancel);
        }
    }

    /// <summary>Writes what an order brought. It tries until a database takes it: the order cannot be had again for nothing.</summary>
    private async Task KeepAsync(Func<Task> write, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException && !cancel.IsCancellationRequested)
            {
                LogNoDatabase(e.Message);
                await Task.Delay(options.Value.Interval, time, cancel);
            }
        }
    }

    private async Task PublishAsync(CancellationToken cancel)
    {
        var (now, held) = (time.GetUtcNow(), store.Items!.Held);
        var chosen = new Dictionary<string, HeldCertificate>(StringComparer.Ordinal);
        foreach (var (host, _) in _hosts)
            if (CertificatePlan.Chosen(host, held, now) is { } certificate)
                chosen[host] = certificate;
        if (state.Bundle is null || !chosen.SequenceEqual(_published))
            state.Bundle = EdgeBundle.Of(chosen.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Certificate)));
        _published = chosen;
        foreach (var (host, certificate) in chosen)
            await CheckServedAsync(host, certificate.Certificate.Fingerprint, now, cancel);
        state.Hosts = [.. _hosts.Select(entry => StatusOf(entry.Host, entry.Site, chosen.GetValueOrDefault(entry.Host), now))];
    }

    private async Task CheckServedAsync(string host, string fingerprint, DateTimeOffset now, CancellationToken cancel)
    {
        if (_looks.TryGetValue(host, out var last) && last.Fingerprint == fingerprint && last.Served && now - last.At < s_lookAgain)
            return;
        _looks[host] = (fingerprint, await served.IsServedAsync(host, fingerprint, cancel), now);
    }

    private CertificateStatus StatusOf(string host, string site, HeldCertificate? chosen, DateTimeOffset now)
    {
        var failed = _elsewhere.TryGetValue(host, out var elsewhere) ? elsewhere : store.Items!.Failed.GetValueOrDefault(host);
        return new(
            host,
            site,
            chosen is null ? CertificateCondition.Missing
                : chosen.Certificate.IsValidAt(now) ? CertificateCondition.Valid
                : CertificateCondition.Expired,
            chosen?.Source,
            chosen?.Certificate.Issuer,
            chosen?.Certificate.NotAfter,
            chosen is null ? null : _looks[host].Served,
            failed?.Problem
        );
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Host} has a new certificate")]
    private partial void LogIssued(string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No certificate for {Host}: {Reason}")]
    private partial void LogNotIssued(string host, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A look at the certificates failed, and is made again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificates cannot be written now, and are tried again: {Error}")]
    private partial void LogNoDatabase(string error);
}
