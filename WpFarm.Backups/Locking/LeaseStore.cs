using System.Security.Cryptography;
using WpFarm.Backups.Store;

namespace WpFarm.Backups.Locking;

/// <param name="Lease">Null: somebody else has it, or is about to.</param>
/// <param name="HeldBy">Who; null with a lease, and when it is nobody yet.</param>
public sealed record LeaseAttempt(Lease? Lease, string? HeldBy);

/// <summary>
/// Leases on a store that can do nothing but put and list. Each contender puts a claim, waits until every claim that counts can be seen, and
/// looks: a holder goes before all others, then the earliest by the store's clock. The others withdraw.
/// </summary>
public sealed class LeaseStore
{
    private readonly IObjectStore _store;
    private readonly LeaseOptions _options;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">A lease could end before it is had.</exception>
    public LeaseStore(IObjectStore store, LeaseOptions options, TimeProvider time)
    {
        options.Check();
        (_store, _options, _time) = (store, options, time);
    }

    /// <param name="name">Of what only one may do: lower-case letters, digits and dashes.</param>
    /// <param name="holder">Who asks, for messages: likewise.</param>
    /// <exception cref="ObjectStoreException">The store fails: the lease is not had.</exception>
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
        // A store whose lists lag may not show it yet; then others do not see it either.
        if (!claims.Has(id))
            return (null, null);
        if (claims.InTheWayOf(id, _options.Expiry) is { } first)
            return (null, first.Id);

        var renewed = _time.GetTimestamp();
        await _store.PutAsync(Claims.LifeOf(name, id), ReadOnlyMemory<byte>.Empty, cancel);
        var after = await Claims.ListAsync(_store, name, cancel);
        // Whoever took so long that the claim has expired may find another holder here, or be found by none.
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
