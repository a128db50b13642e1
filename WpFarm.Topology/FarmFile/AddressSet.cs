using System.Buffers.Binary;
using System.Net;

namespace WpFarm.Topology.FarmFile;

/// <summary>A set of addresses, kept as sorted ranges with a gap between any two. Comparing two sets takes one walk through both.</summary>
internal sealed class AddressSet
{
    private readonly List<Range> _ranges = [];

    /// <summary>Addresses from the first to the last, both included. IPv4 comes before IPv6.</summary>
    private readonly record struct Range(int Bits, UInt128 First, UInt128 Last);

    public AddressSet(IEnumerable<IPNetwork> networks)
    {
        foreach (var range in networks.Select(RangeOf).OrderBy(range => range.Bits).ThenBy(range => range.First))
            if (_ranges.Count > 0 && _ranges[^1] is var last && last.Bits == range.Bits && range.First <= Next(last))
                _ranges[^1] = last with { Last = UInt128.Max(last.Last, range.Last) };
            else
                _ranges.Add(range);
    }

    public bool IsEmpty => _ranges.Count == 0;

    public bool Overlaps(AddressSet other) => Pairs(other).Any();

    /// <summary>True if the other set has every address of this one.</summary>
    public bool IsWithin(AddressSet other) =>
        Pairs(other).Count(pair => pair.Theirs.First <= pair.Ours.First && pair.Ours.Last <= pair.Theirs.Last) == _ranges.Count;

    /// <summary>The fewest networks that have exactly these addresses, sorted.</summary>
    public IEnumerable<IPNetwork> Networks() => _ranges.SelectMany(NetworksOf);

    /// <summary>Every two ranges, one of each set, that have an address in common.</summary>
    private IEnumerable<(Range Ours, Range Theirs)> Pairs(AddressSet other)
    {
        var (ours, theirs) = (0, 0);
        while (ours < _ranges.Count && theirs < other._ranges.Count)
        {
            var (one, two) = (_ranges[ours], other._ranges[theirs]);
            if (one.Bits == two.Bits && one.First <= two.Last && two.First <= one.Last)
                yield return (one, two);
            if ((one.Bits, one.Last).CompareTo((two.Bits, two.Last)) < 0)
                ours++;
            else
                theirs++;
        }
    }

    /// <summary>The address after a range. After the highest address there is none: the range itself has it.</summary>
    private static UInt128 Next(Range range) => range.Last == Highest(range.Bits) ? range.Last : range.Last + 1;

    private static UInt128 Highest(int bits) => UInt128.MaxValue >> (128 - bits);

    private static Range RangeOf(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var bits = bytes.Length * 8;
        var first = bits == 32 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new(bits, first, first + Size(bits - network.PrefixLength) - 1);
    }

    /// <summary>How many addresses so many bits tell apart. Of 128 bits it is 0, whose predecessor is the highest address.</summary>
    private static UInt128 Size(int bits) => bits == 128 ? 0 : UInt128.One << bits;

    private static IEnumerable<IPNetwork> NetworksOf(Range range)
    {
        var first = range.First;
        while (true)
        {
            // The largest network that begins here and does not end after the range.
            var free = first == 0 ? range.Bits : Math.Min(range.Bits, (int)UInt128.TrailingZeroCount(first));
            while (first + (Size(free) - 1) > range.Last)
                free--;
            yield return new IPNetwork(Address(range.Bits, first), range.Bits - free);
            var last = first + (Size(free) - 1);
            if (last == range.Last)
                yield break;
            first = last + 1;
        }
    }

    private static IPAddress Address(int bits, UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes[^(bits / 8)..]);
    }
}
