using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Security;

internal static class SecurityEndpoint
{
    private const int MaximumMinutes = 365 * 24 * 60;
    private const int ShownIncidents = 50;

    public static void MapSecurity(this IEndpointRouteBuilder api)
    {
        api.Map(SecurityRoutes.Bans, async (CrowdSecApi crowdSec, TimeProvider time, CancellationToken cancel) =>
            BanList.Of(await crowdSec.InForceAsync(cancel), time.GetUtcNow())
        );
        api.Map(SecurityRoutes.Ban, BanAsync);
        api.Map(SecurityRoutes.Unban, UnbanAsync);
        api.Map(SecurityRoutes.Why, WhyAsync);
    }

    private static async Task<Ban> BanAsync(
        [AsParameters] BanRequest request,
        CrowdSecApi crowdSec,
        Farm farm,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var range = BannedRange.Parse(request.Address);
        List<string> problems =
        [
            .. range.NeverBlockedIn(farm.Options) is { } never ? [$"{never}."] : Array.Empty<string>(),
            .. request.Minutes is >= 1 and <= MaximumMinutes ? Array.Empty<string>() : ["A ban lasts from 1 minute to 365 days."],
            .. string.IsNullOrWhiteSpace(request.Reason) ? ["Give a reason, for the others who look at it."] : Array.Empty<string>(),
        ];
        if (problems.Count > 0)
            throw new InvalidRequestException(string.Join(' ', problems));
        var now = time.GetUtcNow();
        var scope = range.IsAddress ? "Ip" : "Range";
        var decision = new CrowdSecDecision("ban", scope, range.Value, $"{request.Minutes}m", request.By, "person");
        await crowdSec.AddAsync(
            new("person", request.Reason.Trim(), EventsCount: 0, $"{now:O}", $"{now:O}", new(scope, range.Value), [decision], []),
            cancel
        );
        return new($"{range}", request.By, request.Reason.Trim(), now, now + TimeSpan.FromMinutes(request.Minutes));
    }

    private static async Task<Unbanned> UnbanAsync(
        [AsParameters] AddressRequest request,
        CrowdSecApi crowdSec,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var range = BannedRange.Parse(request.Address);
        var bans = BanList.Of(await crowdSec.AboutAsync(range, limit: 0, cancel), time.GetUtcNow());
        if (bans.Count == 0)
            throw new InvalidRequestException($"No decision refuses {range}. ./farm security bans lists them.");
        await crowdSec.DeleteAsync(range, cancel);
        return new([.. bans.Select(ban => ban.Range).Distinct()]);
    }

    private static async Task<AddressReport> WhyAsync(
        [AsParameters] AddressRequest request,
        CrowdSecApi crowdSec,
        Farm farm,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var range = BannedRange.Parse(request.Address);
        var alerts = await crowdSec.AboutAsync(range, ShownIncidents, cancel);
        var now = time.GetUtcNow();
        return new($"{range}", range.NeverBlockedIn(farm.Options), BanList.Of(alerts, now), BanList.Incidents(alerts, now));
    }
}
