using System.Net;
using System.Net.Sockets;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers.Security;

namespace WpFarm.Orchestrator.Security;

/// <summary>What a decision can name: one IPv4 address, the /64 of an IPv6 address, or a range.</summary>
internal sealed record BannedRange
{
    /// <summary>Shorter prefixes would refuse a large part of the internet by a slip of the pen.</summary>
    private const int ShortestV4 = 16;

    private const int ShortestV6 = 32;

    /// <summary>One customer's network: https://www.rfc-editor.org/rfc/rfc6177.</summary>
    private const int CustomerV6 = 64;

    private BannedRange(IPNetwork network) => Network = network;

    public IPNetwork Network { get; }

    /// <summary>True: CrowdSec knows it by its address. An IPv6 address stands for its /64 there, as in the access log.</summary>
    public bool IsAddress => Network.PrefixLength == (IsV4 ? 32 : CustomerV6);

    /// <summary>The value of a decision in CrowdSec.</summary>
    public string Value => IsAddress ? $"{Network.BaseAddress}" : $"{Network}";

    private bool IsV4 => Network.BaseAddress.AddressFamily is AddressFamily.InterNetwork;

    public override string ToString() => IsAddress && IsV4 ? Value : $"{Network}";

    /// <exception cref="InvalidRequestException">The text is no address and no range.</exception>
    public static BannedRange Parse(string text)
    {
        if (!text.Contains('/') && IPAddress.TryParse(text, out var address))
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return new(new IPNetwork(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : CustomerV6));
        }

        // IPNetwork clears the bits beyond the prefix.
        if (IPNetwork.TryParse(text, out var network))
            return network is { BaseAddress.AddressFamily: AddressFamily.InterNetworkV6, PrefixLength: > CustomerV6 }
                ? new(new IPNetwork(network.BaseAddress, CustomerV6))
                : new(network);
        throw new InvalidRequestException($"'{text}' is no address and no range. Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::7.");
    }

    /// <summary>Why no decision may name this range. Null: one may.</summary>
    public string? NeverBlockedIn(FarmOptions farm) =>
        Never(NeverBlocked.Private, "is private: behind Docker's gateway all visitors may have such an address")
        ?? Never(NeverBlocked.Proxies(farm.Edge), "belongs to a proxy in front of the farm (Cloudflare, or edge.trustedProxies)")
        ?? (Network.PrefixLength < (IsV4 ? ShortestV4 : ShortestV6) ? $"{this} is too large: at most a /{ShortestOf}" : null);

    private int ShortestOf => IsV4 ? ShortestV4 : ShortestV6;

    private string? Never(IEnumerable<string> ranges, string why) =>
        ranges
            .Select(range => IPNetwork.Parse(range.Contains('/') ? range : $"{range}/{(range.Contains(':') ? 128 : 32)}"))
            .Where(range => range.Contains(Network.BaseAddress) || Network.Contains(range.BaseAddress))
            .Select(range => $"{this} {why}: {range}")
            .FirstOrDefault();
}
