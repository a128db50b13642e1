using System.Collections.Immutable;
using WpFarm.Backups.Store;

namespace WpFarm.Backups.Locking;

/// <summary>
/// The contenders for a lease, as listed by the store. Each writes a claim once. The holder of the lease also writes a heartbeat,
/// again and again.
/// </summary>
internal sealed record Claims(ImmutableList<Claims.Contender> Contenders)
{
    public sealed record Contender(string Id, DateTimeOffset Claimed, DateTimeOffset? Renewed)
    {
        public DateTimeOffset LastHeardOf => Renewed > Claimed ? Renewed.Value : Claimed;
    }

    public static string Prefix(string lease) => $"leases/{lease}/";

    public static string ClaimOf(string lease, string id) => $"{Prefix(lease)}{id}/claim";

    public static string LifeOf(string lease, string id) => $"{Prefix(lease)}{id}/life";

    public static async Task<Claims> ListAsync(IObjectStore store, string lease, CancellationToken cancel)
    {
        var objects = new Dictionary<string, DateTimeOffset>();
        await foreach (var found in store.ListAsync(Prefix(lease), cancel))
            objects.Add(found.Name, found.LastModified);
        var ids = objects.Keys.Select(name => name[Prefix(lease).Length..].Split('/')[0]).Distinct();
        return new([
            .. from id in ids
            let renewed = objects.TryGetValue(LifeOf(lease, id), out var life) ? life : (DateTimeOffset?)null
            // A heartbeat without a claim belongs to a holder whose claim was deleted. It still holds the lease.
            select new Contender(id, objects.GetValueOrDefault(ClaimOf(lease, id), renewed ?? default), renewed),
        ]);
    }

    /// <summary>The contender that has precedence over <paramref name="id"/>. Null: <paramref name="id"/> may take the lease.</summary>
    /// <remarks>The contender's own last object gives the store's time. No other clock is used.</remarks>
    public Contender? InTheWayOf(string id, TimeSpan expiry)
    {
        if (Contenders.Find(contender => contender.Id == id) is not { } mine)
            throw new ArgumentException($"{id} has no claim in the list.", nameof(id));
        var alive = Contenders.Where(other => other.Id != id && other.LastHeardOf > mine.LastHeardOf - expiry).ToList();
        return alive.Find(other => other.Renewed is not null)
            ?? alive.Where(other => (other.Claimed, other.Id).CompareTo((mine.Claimed, mine.Id)) < 0).MinBy(other => other.Claimed);
    }

    public bool Has(string id) => Contenders.Exists(contender => contender.Id == id);

    public IEnumerable<Contender> Expired(string id, TimeSpan expiry) =>
        Contenders.Where(other => other.Id != id && other.LastHeardOf <= Contenders.Find(mine => mine.Id == id)!.LastHeardOf - expiry);
}
