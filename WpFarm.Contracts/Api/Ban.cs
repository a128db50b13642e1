namespace WpFarm.Contracts.Api;

/// <summary>A decision to refuse an address, which the edges enforce.</summary>
/// <param name="Range">An address, or a range such as <c>192.0.2.0/24</c>. An IPv6 address stands for its /64.</param>
/// <param name="By">Who decided: <c>crowdsec</c>, <c>fail2ban</c>, or a person's name.</param>
/// <param name="Reason">The scenario that it met, or what the person said.</param>
/// <param name="From">When it was decided.</param>
/// <param name="Until">When it ends.</param>
public sealed record Ban(string Range, string By, string Reason, DateTimeOffset From, DateTimeOffset Until);

/// <summary>What an address did that counted as an attack, and what was decided.</summary>
/// <param name="Reason">The scenario that it met, or what the person said.</param>
/// <param name="By">Who decided: <c>crowdsec</c>, <c>fail2ban</c>, or a person's name.</param>
/// <param name="At">When.</param>
/// <param name="Requests">How many requests counted; 0 when a person or fail2ban decided.</param>
/// <param name="Examples">Some of these requests: <c>GET shop.example.com/.env 404</c>.</param>
public sealed record AddressIncident(string Reason, string By, DateTimeOffset At, int Requests, IReadOnlyList<string> Examples);

/// <summary>What is known about an address.</summary>
/// <param name="Range">The address, or the /64 of an IPv6 address, by which the farm counts.</param>
/// <param name="NeverBlocked">Why no decision may name it. Null: one may.</param>
/// <param name="Bans">The decisions that refuse it now.</param>
/// <param name="Incidents">What it did in the last seven days, the latest first; at most 50.</param>
public sealed record AddressReport(string Range, string? NeverBlocked, IReadOnlyList<Ban> Bans, IReadOnlyList<AddressIncident> Incidents);

/// <summary>The decisions that were deleted.</summary>
/// <param name="Deleted">Their addresses and ranges.</param>
public sealed record Unbanned(IReadOnlyList<string> Deleted);
