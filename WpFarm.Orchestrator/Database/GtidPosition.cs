using System.Collections.Immutable;
using System.Globalization;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// How far a server has come: for each replication domain, the number of the last transaction it has. Written
/// <c>1-1-100,2-2-57</c> (domain, server of origin, number). Two servers may each have something that the other lacks.
/// </summary>
internal sealed class GtidPosition : IEquatable<GtidPosition>
{
    /// <summary>A server's domain is its server id: primaries have 1 and 2.</summary>
    private const uint FirstReplicaDomain = 11;

    private readonly ImmutableSortedDictionary<uint, Gtid> _last;

    private GtidPosition(ImmutableSortedDictionary<uint, Gtid> last) => _last = last;

    public static GtidPosition Empty { get; } = new(ImmutableSortedDictionary<uint, Gtid>.Empty);

    public static GtidPosition Parse(string text)
    {
        var last = ImmutableSortedDictionary.CreateBuilder<uint, Gtid>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('-') is not [var domain, var server, var number])
                throw new FormatException($"'{part}' in '{text}' is no GTID.");
            last[uint.Parse(domain, CultureInfo.InvariantCulture)] =
                new Gtid(uint.Parse(server, CultureInfo.InvariantCulture), ulong.Parse(number, CultureInfo.InvariantCulture));
        }

        return new GtidPosition(last.ToImmutable());
    }

    /// <summary>True when this server has every transaction that the other has.</summary>
    public bool Covers(GtidPosition other) => other._last.All(theirs => NumberIn(theirs.Key) >= theirs.Value.Number);

    /// <summary>The later of the two in each domain.</summary>
    public GtidPosition With(GtidPosition other) =>
        new(_last.SetItems(other._last.Where(theirs => theirs.Value.Number > NumberIn(theirs.Key))));

    /// <summary>
    /// Without what was written on a replica, by hand: replicas write in domains from 11 up. That came from no primary, and counts for nothing.
    /// </summary>
    public GtidPosition OfPrimaries => new(_last.RemoveRange(_last.Keys.Where(domain => domain >= FirstReplicaDomain)));

    /// <summary>Of this domain alone.</summary>
    public GtidPosition Of(uint domain) => new(_last.RemoveRange(_last.Keys.Where(key => key != domain)));

    /// <summary>Without this domain.</summary>
    public GtidPosition Without(uint domain) => new(_last.Remove(domain));

    public bool Equals(GtidPosition? other) => other is not null && Covers(other) && other.Covers(this);

    public override bool Equals(object? obj) => Equals(obj as GtidPosition);

    public override int GetHashCode() => _last.Aggregate(0, (hash, last) => HashCode.Combine(hash, last.Key, last.Value.Number));

    public override string ToString() =>
        string.Join(',', _last.Select(last => string.Create(CultureInfo.InvariantCulture, $"{last.Key}-{last.Value.Server}-{last.Value.Number}")));

    /// <summary>The number of the last transaction in this domain; 0 when there is none.</summary>
    public ulong NumberIn(uint domain) => _last.TryGetValue(domain, out var last) ? last.Number : 0;

    private readonly record struct Gtid(uint Server, ulong Number);
}
