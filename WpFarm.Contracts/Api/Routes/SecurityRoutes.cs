namespace WpFarm.Contracts.Api.Routes;

/// <summary>The farm's one list of decisions about addresses. The edges enforce it within two seconds.</summary>
public static class SecurityRoutes
{
    public static ApiRoute<NoParameters, IReadOnlyList<Ban>> Bans { get; } =
        new(HttpMethod.Get, "/api/security/bans", "The decisions that are in force, the latest first.");

    public static ApiRoute<BanRequest, Ban> Ban { get; } =
        new(HttpMethod.Post, "/api/security/bans", "Refuses an address, or a range, for a while.");

    public static ApiRoute<AddressRequest, Unbanned> Unban { get; } =
        new(HttpMethod.Delete, "/api/security/bans", "Deletes the decisions that refuse an address.");

    public static ApiRoute<AddressRequest, AddressReport> Why { get; } =
        new(HttpMethod.Get, "/api/security/address", "Why an address is refused, and what it did.");
}

/// <param name="Address">An IPv4 or IPv6 address, or a range in CIDR notation.</param>
public sealed record AddressRequest(string Address);

/// <param name="Address">An IPv4 or IPv6 address, or a range in CIDR notation.</param>
/// <param name="Minutes">How long: 1 to 525600, a year.</param>
/// <param name="Reason">For the others who look at it.</param>
/// <param name="By">Who bans.</param>
public sealed record BanRequest(string Address, int Minutes, string Reason, string By);
