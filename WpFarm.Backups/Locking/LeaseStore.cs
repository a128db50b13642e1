using System.Security.Cryptography;
using WpFarm.Backups.Store;

namespace WpFarm.Backups.Locking;

/// <param name="Lease">Null if another contender has the lease or has precedence.</param>
/// <param name="HeldBy">The other holder. Null with a lease, and when nobody holds it yet.</param>
public sealed record LeaseAttempt(Lease? Lease, string? HeldBy);

/// <summary>
/// Leases on a store that offers only put and list. Each contender puts a claim, waits until every valid claim is visible, and lists them.
/// A holder has precedence, then the earliest claim by the store's clock. All other contenders withdraw.
/// </summary>
public sealed class LeaseStore
{
    private readonly IObjectStore _store;
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">A lease could expire before it is acquired.</exception>
    public LeaseStore(IObjectStore store, LeaseOptions options, TimeProvider time)
    {
        options.Check();
        (_store, _options, _time) = (store, options, time);
    }

    /// <param name="name">Name of the lease: lower-case letters, digits and dashes.</param>
    /// <param name="holder">Name of the caller, for messages: lower-case letters, digits and dashes.</param>
    /// <exception cref="ObjectStoreException">The store failed, and the lease was not acquired.</exception>
    public async Task<LeaseAttempt> TryAcquireAsync(string name, string holder, CancellationToken cancel)
    {
        var id = $"{holder}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        Lease? lease = null;
        try
        {
            (lease, var heldBy) = await ContendAsync(name, id, cancel);
            return new(lease, heldBy?.Split('.')[0]);
        }
        finally
        {
            if (lease is null)
                await _store.DeleteAsync([Claims.LifeOf(name, id), Claims.ClaimOf(name, id)], CancellationToken.None);
        }
    }

    private async Task<(Lease? Lease, string? HeldBy)> ContendAsync(string name, string id, CancellationToken cancel)
    {
        var begun = _time.GetTimestamp();
        await _store.PutAsync(Claims.ClaimOf(name, id), ReadOnlyMemory<byte>.Empty, cancel);
        if (_time.GetElapsedTime(begun) > _options.ClaimLimit)
            return (null, null);
        await Task.Delay(_options.Settling, _time, cancel);
        var claims = await Claims.ListAsync(_store, name, cancel);
        // A store with delayed listings may not show the claim yet. Then the other contenders do not see it either.
        if (!claims.Has(id))
            return (null, null);
        if (claims.InTheWayOf(id, _options.Expiry) is { } first)
            return (null, first.Id);

        var renewed = _time.GetTimestamp();
        await _store.PutAsync(Claims.LifeOf(name, id), ReadOnlyMemory<byte>.Empty, cancel);
        var after = await Claims.ListAsync(_store, name, cancel);
        // After such a delay the claim may have expired for others, so another contender may hold the lease by now.
        if (_time.GetElapsedTime(begun) > _options.Expiry / 3 || after.Contenders.Find(mine => mine.Id == id)?.Renewed is null)
            return (null, null);
        if (after.InTheWayOf(id, _options.Expiry) is { } other)
            return (null, other.Id);
        await _store.DeleteAsync(
            [
                .. after
                    .Expired(id, _options.Expiry)
                    .SelectMany(gone => new[] { Claims.LifeOf(name, gone.Id), Claims.ClaimOf(name, gone.Id) }),
            ],
            cancel
        );
        return (new Lease(_store, _options, _time, name, id, renewed), null);
    }
}
