using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace WpFarm.Backups.Gtid;

/// <summary>
/// A replication position: for each domain, the number of the last transaction that a server has. Written as
/// <c>1-1-100,2-2-57</c> (domain, server of origin, number). Two servers may each have transactions that the other lacks.
/// </summary>
[JsonConverter(typeof(GtidPositionJsonConverter))]
public sealed class GtidPosition : IEquatable<GtidPosition>
{
    /// <summary>A server's domain is its server id: primaries have 1 and 2.</summary>
    private const uint FirstReplicaDomain = 11;

    private readonly ImmutableSortedDictionary<uint, Gtid> _last;

    private GtidPosition(ImmutableSortedDictionary<uint, Gtid> last) => _last = last;

    public static GtidPosition Empty { get; } = new(ImmutableSortedDictionary<uint, Gtid>.Empty);

    /// <exception cref="FormatException">The text is not a GTID position.</exception>
    public static GtidPosition Parse(string text)
    {
        var last = ImmutableSortedDictionary.CreateBuilder<uint, Gtid>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (
                part.Split('-') is not [var first, var second, var third]
                || !uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var domain)
                || !uint.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var server)
                || !ulong.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
                throw new FormatException($"'{part}' in '{text}' is not a GTID. Write domain, server and number, for example 1-1-100.");
            last[domain] = new Gtid(server, number);
        }

        return new GtidPosition(last.ToImmutable());
    }

    /// <summary>True when this position contains every transaction of the other.</summary>
    public bool Covers(GtidPosition other) => other._last.All(theirs => NumberIn(theirs.Key) >= theirs.Value.Number);

    /// <summary>True when no domain of <paramref name="target"/> is further here than there.</summary>
    public bool IsWithin(GtidPosition target) => target._last.All(limit => NumberIn(limit.Key) <= limit.Value.Number);

    /// <summary>By how many numbers this position is behind the other, summed over all domains. The count of transactions can be
    /// smaller, because numbers may be skipped.</summary>
    public ulong Behind(GtidPosition other) =>
        other._last.Aggregate(0UL, (behind, theirs) =>
            behind + (theirs.Value.Number - Math.Min(theirs.Value.Number, NumberIn(theirs.Key)))
        );

    /// <summary>The later of the two in each domain.</summary>
    public GtidPosition With(GtidPosition other) =>
        new(_last.SetItems(other._last.Where(theirs => theirs.Value.Number > NumberIn(theirs.Key))));

    /// <summary>The earlier of the two in each domain, of domains that both have.</summary>
    public GtidPosition Common(GtidPosition other) =>
        new(
            _last
                .Where(mine => other._last.ContainsKey(mine.Key))
                .ToImmutableSortedDictionary(
                    mine => mine.Key,
                    mine => mine.Value.Number <= other.NumberIn(mine.Key) ? mine.Value : other._last[mine.Key]
                )
        );

    /// <summary>Limits this domain to this number.</summary>
    public GtidPosition UpTo(uint domain, ulong number) =>
        _last.TryGetValue(domain, out var last) && last.Number > number ? new(_last.SetItem(domain, last with { Number = number })) : this;

    /// <summary>
    /// Without the domains of replicas (11 and up). A replica writes there only when a person changes it by hand, and no other server
    /// gets those transactions.
    /// </summary>
    public GtidPosition OfPrimaries => new(_last.RemoveRange(_last.Keys.Where(domain => domain >= FirstReplicaDomain)));

    public IEnumerable<uint> Domains => _last.Keys;

    /// <summary>This domain only.</summary>
    public GtidPosition Of(uint domain) => new(_last.RemoveRange(_last.Keys.Where(key => key != domain)));

    /// <summary>Without this domain.</summary>
    public GtidPosition Without(uint domain) => new(_last.Remove(domain));

    public bool Equals(GtidPosition? other) => other is not null && Covers(other) && other.Covers(this);

    public override bool Equals(object? obj) => Equals(obj as GtidPosition);

    public override int GetHashCode() => _last.Aggregate(0, (hash, last) => HashCode.Combine(hash, last.Key, last.Value.Number));

    public override string ToString() =>
        string.Join(
            ',',
            _last.Select(last => string.Create(CultureInfo.InvariantCulture, $"{last.Key}-{last.Value.Server}-{last.Value.Number}"))
        );

    /// <summary>The number of the last transaction in this domain; 0 when there is none.</summary>
    public ulong NumberIn(uint domain) => _last.TryGetValue(domain, out var last) ? last.Number : 0;

    private readonly record struct Gtid(uint Server, ulong Number);
}
