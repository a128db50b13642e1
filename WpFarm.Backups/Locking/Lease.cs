using WpFarm.Backups.Store;

namespace WpFarm.Backups.Locking;

/// <summary>
/// A mutual-exclusion lease. Renewed until disposed; expires after its holder has died.
/// </summary>
public sealed class Lease : IAsyncDisposable
{
    private readonly IObjectStore _store;
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly string _id;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewals;

    /// <param name="renewed">Timestamp from before the last heartbeat.</param>
    internal Lease(IObjectStore store, LeaseOptions options, TimeProvider time, string name, string id, long renewed)
    {
        (_store, _options, _time, _name, _id) = (store, options, time, name, id);
        RenewedAt = time.GetUtcNow() - time.GetElapsedTime(renewed);
        _lost = new CancellationTokenSource(Left(renewed), time);
        Lost = _lost.Token;
        _renewals = RenewAsync(_stop.Token);
    }

    /// <summary>Cancelled when renewal fails, before another contender can acquire the lease. The holder must stop at once.</summary>
    public CancellationToken Lost { get; }

    /// <summary>When the last heartbeat was stored.</summary>
    public DateTimeOffset RenewedAt { get; private set; }

    private TimeSpan Left(long renewed)
    {
        var left = (_options.Expiry * 2 / 3) - _time.GetElapsedTime(renewed);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_options.Expiry / 3, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop) && !Lost.IsCancellationRequested)
            {
                var began = RenewedAt;
                if (!await TryRenewAsync(stop))
                    await _lost.CancelAsync();
                timer.Period = RenewedAt > began ? _options.Expiry / 3 : _options.RetryEvery;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }

    /// <returns>False if another contender holds the lease.</returns>
    private async Task<bool> TryRenewAsync(CancellationToken cancel)
    {
        var (before, now) = (_time.GetTimestamp(), _time.GetUtcNow());
        using var limit = new CancellationTokenSource(_options.RetryEvery * 2, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _store.PutAsync(Claims.LifeOf(_name, _id), ReadOnlyMemory<byte>.Empty, attempt.Token);
            var claims = await Claims.ListAsync(_store, _name, attempt.Token);
            if (!claims.Has(_id) || claims.InTheWayOf(_id, _options.Expiry) is { Renewed: not null })
                return false;
            RenewedAt = now;
            if (!Lost.IsCancellationRequested)
                _lost.CancelAfter(Left(before));
        }
        catch (Exception e)
            when (e is ObjectStoreException
                || (e is OperationCanceledException && limit.IsCancellationRequested && !cancel.IsCancellationRequested)
            )
        {
            // The store may be back while this attempt still waits for it. The next attempt may succeed. If none does in time, the timer of
            // Lost ends the lease.
        }

        return true;
    }

    /// <summary>Releases the lease, so that the next contender need not wait for its expiry.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _renewals;
        try
        {
            await _store.DeleteAsync([Claims.LifeOf(_name, _id), Claims.ClaimOf(_name, _id)], CancellationToken.None);
        }
        catch (ObjectStoreException)
        {
            // The lease expires.
        }

        _stop.Dispose();
        _lost.Dispose();
    }
}
