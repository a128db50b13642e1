using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WpFarm.Deployment.Audit;

/// <summary>An address of this machine on which a program accepts TCP connections.</summary>
internal sealed record Listener(IPAddress Address, int Port)
{
    /// <summary>The state TCP_LISTEN in <c>/proc/net/tcp</c>.</summary>
    private const string Listening = "0A";

    /// <summary>True: only programs on this machine can connect.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address.IsIPv4MappedToIPv6 ? Address.MapToIPv4() : Address);

    /// <summary>Those of this machine. Empty where there is no <c>/proc</c>.</summary>
    public static IReadOnlyList<Listener> Here() =>
        [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(file => Parse(File.ReadLines(file)))];

    /// <summary>
    /// Reads <c>/proc/net/tcp</c>, proc(5): <c>0: 0100007F:1F90 00000000:0000 0A …</c>. An address is one or four 32-bit words, each in the
    /// byte order of the machine.
    /// </summary>
    public static IEnumerable<Listener> Parse(IEnumerable<string> lines) =>
        from line in lines.Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields is [_, _, _, Listening, ..]
        let local = fields[1].Split(':')
        select new Listener(AddressOf(local[0]), int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static IPAddress AddressOf(string words)
    {
        var bytes = Convert.FromHexString(words);
        if (BitConverter.IsLittleEndian)
            for (var word = 0; word < bytes.Length; word += 4)
                Array.Reverse(bytes, word, 4);
        return new IPAddress(bytes);
    }

    public override string ToString() =>
        Address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{Address}]:{Port}" : $"{Address}:{Port}";
}
