using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace WpFarm.Backups.Gtid;

/// <summary>
/// How far a server has come: for each replication domain, the number of the last transaction it has. Written
/// <c>1-1-100,2-2-57</c> (domain, server of origin, number). Two servers may each have something that the other lacks.
/// </summary>
[JsonConverter(typeof(GtidPositionJsonConverter))]
public sealed class GtidPosition : IEquatable<GtidPosition>
{
    /// <summary>A server's domain is its server id: primaries have 1 and 2.</summary>
    private const uint FirstReplicaDomain = 11;

    private readonly ImmutableSortedDictionary<uint, Gtid> _last;

    private GtidPosition(ImmutableSortedDictionary<uint, Gtid> last) => _last = last;

    public static GtidPosition Empty { get; } = new(ImmutableSortedDictionary<uint, Gtid>.Empty);

    /// <exception cref="FormatException">It is none.</exception>
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
                throw new FormatException($"'{part}' in '{text}' is no GTID: domain, server and number, such as 1-1-100.");
            last[domain] = new Gtid(server, number);
        }

        return new GtidPosition(last.ToImmutable());
    }

    /// <summary>True when this server has every transaction that the other has.</summary>
    public bool Covers(GtidPosition other) => other._last.All(theirs => NumberIn(theirs.Key) >= theirs.Value.Number);

    /// <summary>True when it has nothing that is later than <paramref name="target"/> in a domain that the target names.</summary>
    public bool IsWithin(GtidPosition target) => target._last.All(limit => NumberIn(limit.Key) <= limit.Value.Number);

    /// <summary>How many numbers it is behind the other, in all domains together. Numbers can be left out, so it may be fewer transactions.</summary>
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

    /// <summary>In this domain not beyond this number.</summary>
    public GtidPosition UpTo(uint domain, ulong number) =>
        _last.TryGetValue(domain, out var last) && last.Number > number ? new(_last.SetItem(domain, last with { Number = number })) : this;

    /// <summary>
    /// Without what was written on a replica, by hand: replicas write in domains from 11 up. That came from no primary, and counts for nothing.
    /// </summary>
    public GtidPosition OfPrimaries => new(_last.RemoveRange(_last.Keys.Where(domain => domain >= FirstReplicaDomain)));

    public IEnumerable<uint> Domains => _last.Keys;

    /// <summary>Of this domain alone.</summary>
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
