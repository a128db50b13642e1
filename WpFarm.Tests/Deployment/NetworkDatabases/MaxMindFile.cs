using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace WpFarm.Tests.Deployment.NetworkDatabases;

/// <summary>
/// Writes small MaxMind DB files, by the format's specification 2.0: a binary tree of addresses, the data of their networks, metadata.
/// </summary>
internal sealed class MaxMindFile : IDisposable
{
    private const int Map = 7;
    private const int Text = 2;
    private const int Number16 = 5;
    private const int Number32 = 6;
    private const int Number64 = 9;
    private const int List = 11;

    /// <summary>The bits of a record of the tree.</summary>
    private const int RecordSize = 32;

    private static readonly byte[] s_metadataMarker = [0xab, 0xcd, 0xef, .. "MaxMind.com"u8];

    /// <summary>Each node has two records: another node, the place of the data (negative, plus one), or nothing.</summary>
    private readonly List<int?[]> _nodes = [new int?[2]];

    private readonly MemoryStream _data = new();

    /// <summary>A database of countries, by their two letters.</summary>
    public static byte[] OfCountries(
        IEnumerable<(string Network, string Country)> networks,
        DateTimeOffset built,
        string type = "GeoLite2-Country"
    )
    {
        using var file = new MaxMindFile();
        foreach (var (network, country) in networks)
            file.Add(network, data => WriteMap(data, ("country", map => WriteMap(map, ("iso_code", code => WriteText(code, country))))));
        return file.Write(type, built);
    }

    /// <summary>As some makers write it: the letters themselves are under the key, and not below it.</summary>
    public static byte[] OfFlatCountries(string network, string country, DateTimeOffset built)
    {
        using var file = new MaxMindFile();
        file.Add(network, data => WriteMap(data, ("country", code => WriteText(code, country))));
        return file.Write("Flat Country", built);
    }

    /// <summary>A database of autonomous systems, by their numbers.</summary>
    public static byte[] OfSystems(IEnumerable<(string Network, uint Number)> networks, DateTimeOffset built, string type = "GeoLite2-ASN")
    {
        using var file = new MaxMindFile();
        foreach (var (network, number) in networks)
            file.Add(network, data => WriteMap(data, ("autonomous_system_number", value => WriteNumber(value, Number32, number))));
        return file.Write(type, built);
    }

    public void Dispose() => _data.Dispose();

    private void Add(string written, Action<Stream> write)
    {
        var network = IPNetwork.Parse(written);
        // IPv4 addresses are in the last 32 bits.
        byte[] address = [.. new byte[16 - network.BaseAddress.GetAddressBytes().Length], .. network.BaseAddress.GetAddressBytes()];
        var length = network.PrefixLength + 128 - network.BaseAddress.GetAddressBytes().Length * 8;
        var node = 0;
        for (var bit = 0; bit < length - 1; bit++)
            node = Next(node, BitOf(address, bit));
        _nodes[node][BitOf(address, length - 1)] = -1 - (int)_data.Length;
        write(_data);
    }

    private int Next(int node, int side)
    {
        if (_nodes[node][side] is { } next)
            return next;
        _nodes.Add(new int?[2]);
        _nodes[node][side] = _nodes.Count - 1;
        return _nodes.Count - 1;
    }

    private static int BitOf(byte[] address, int bit) => (address[bit / 8] >> (7 - bit % 8)) & 1;

    private byte[] Write(string type, DateTimeOffset built)
    {
        using var file = new MemoryStream();
        foreach (var record in _nodes.SelectMany(node => node))
            WriteBigEndian(file, RecordSize / 8, (ulong)RecordOf(record));
        file.Write(new byte[16]);
        _data.WriteTo(file);
        file.Write(s_metadataMarker);
        WriteMap(
            file,
            ("binary_format_major_version", value => WriteNumber(value, Number16, 2)),
            ("binary_format_minor_version", value => WriteNumber(value, Number16, 0)),
            ("build_epoch", value => WriteNumber(value, Number64, (ulong)built.ToUnixTimeSeconds())),
            ("database_type", value => WriteText(value, type)),
            ("description", value => WriteMap(value, ("en", text => WriteText(text, "A test")))),
            ("ip_version", value => WriteNumber(value, Number16, 6)),
            ("languages", value => WriteControl(value, List, 0)),
            ("node_count", value => WriteNumber(value, Number32, (ulong)_nodes.Count)),
            ("record_size", value => WriteNumber(value, Number16, RecordSize))
        );
        return file.ToArray();
    }

    /// <summary>The number of the node; or the number of nodes for nothing; or, for data, its place plus that number plus 16.</summary>
    private int RecordOf(int? record) =>
        record switch
        {
            null => _nodes.Count,
            < 0 => _nodes.Count + 16 + -1 - record.Value,
            _ => record.Value,
        };

    private static void WriteMap(Stream to, params IReadOnlyList<(string Key, Action<Stream> Value)> entries)
    {
        WriteControl(to, Map, entries.Count);
        foreach (var (key, value) in entries)
        {
            WriteText(to, key);
            value(to);
        }
    }

    private static void WriteText(Stream to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteControl(to, Text, bytes.Length);
        to.Write(bytes);
    }

    private static void WriteNumber(Stream to, int type, ulong value)
    {
        var size = type switch
        {
            Number16 => 2,
            Number32 => 4,
            _ => 8,
        };
        WriteControl(to, type, size);
        WriteBigEndian(to, size, value);
    }

    /// <summary>Type and size. A type above 7 is in a byte of its own, and sizes above 28 are not needed here.</summary>
    private static void WriteControl(Stream to, int type, int size)
    {
        Assert.InRange(size, 0, 28);
        to.WriteByte((byte)((type > 7 ? 0 : type << 5) | size));
        if (type > 7)
            to.WriteByte((byte)(type - 7));
    }

    private static void WriteBigEndian(Stream to, int size, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        to.Write(bytes[^size..]);
    }
}
