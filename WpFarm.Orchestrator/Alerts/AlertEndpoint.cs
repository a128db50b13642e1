using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Api;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Alerts;

internal static class AlertEndpoint
{
    /// <summary>The longest silence: a longer one is forgotten.</summary>
    private const int MaximumMinutes = 30 * 24 * 60;

    public static void MapAlerts(this IEndpointRouteBuilder api)
    {
        if (api.ServiceProvider.GetService<ReceiverTester>() is null)
        {
            api.Map("/api/alerts/{**rest}", NoAlerts).ExcludeFromDescription();
            return;
        }

        api.Map(AlertRoutes.Status, async (AlertmanagerApi alertmanager, Farm farm, CancellationToken cancel) =>
            AlertList.Of(await alertmanager.AlertsAsync(cancel), [.. Receivers(farm)])
        );
        api.Map(AlertRoutes.Test, ([AsParameters] ReceiverRequest request, ReceiverTester tester, Farm farm, CancellationToken cancel) =>
            Receivers(farm).Contains(request.Receiver)
                ? tester.TestAsync(request.Receiver, cancel)
                : throw new InvalidRequestException(
                    $"farm.json: observability.alerts.receivers: has no '{request.Receiver}'. Receivers: {Words(Receivers(farm))}."
                )
        );
        api.Map(AlertRoutes.Silences, SilencesAsync);
        api.Map(
            AlertRoutes.Silence,
            async (
                [AsParameters] SilenceRequest request,
                AlertmanagerApi alertmanager,
                Farm farm,
                TimeProvider time,
                CancellationToken cancel
            ) =>
            {
                var silence = Checked(request, farm, time.GetUtcNow());
                return Of(await alertmanager.SilenceAsync(silence, cancel), silence);
            }
        );
        api.Map(AlertRoutes.Unsilence, ([AsParameters] UnsilenceRequest request, AlertmanagerApi alertmanager, CancellationToken cancel) =>
            alertmanager.UnsilenceAsync(request.Id, cancel)
        );
    }

    private static IResult NoAlerts() =>
        Results.Problem(
            "This farm raises no alerts: observability.enabled is false in farm.json.",
            statusCode: StatusCodes.Status409Conflict
        );

    private static async Task<IReadOnlyList<AlertSilence>> SilencesAsync(AlertmanagerApi alertmanager, CancellationToken cancel) =>
        [
            .. (await alertmanager.SilencesAsync(cancel))
                .Where(silence => silence.Status.State != "expired")
                .OrderBy(silence => silence.EndsAt)
                .Select(silence =>
                    Of(silence.Id, new(silence.Matchers, silence.StartsAt, silence.EndsAt, silence.CreatedBy, silence.Comment))
                ),
        ];

    /// <exception cref="InvalidRequestException">The message has every problem.</exception>
    private static NewSilence Checked(SilenceRequest request, Farm farm, DateTimeOffset now)
    {
        var texts = request.Matchers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var matchers = texts.Select(text => (Text: text, Matcher: AlertMatcher.Parse(text))).ToList();
        List<string> problems =
        [
            .. texts.Length == 0 ? ["Name an alert, or a matcher such as service=redis-1."] : Array.Empty<string>(),
            .. matchers
                .Where(part => part.Matcher is null)
                .Select(part =>
                    $"'{part.Text}' is no matcher. Write the name of an alert, or name=value, name!=value, name=~regex, name!~regex."
                ),
            .. matchers
                .Select(part => part.Matcher)
                .Where(matcher => matcher is { Name: "alertname", IsRegex: false, IsEqual: true } && !farm.HasAlert(matcher.Value))
                .Select(matcher => $"'{matcher!.Value}' is no alert of this farm. docs/reference/alerts.md lists them."),
            .. request.Minutes is >= 1 and <= MaximumMinutes ? Array.Empty<string>() : ["A silence lasts from 1 minute to 30 days."],
            .. string.IsNullOrWhiteSpace(request.Reason) ? ["Give a reason, for the others who look at it."] : Array.Empty<string>(),
        ];
        return problems.Count > 0
            ? throw new InvalidRequestException(string.Join(' ', problems))
            : new(
                [.. matchers.Select(part => part.Matcher!)],
                now,
                now + TimeSpan.FromMinutes(request.Minutes),
                request.By,
                request.Reason.Trim()
            );
    }

    private static AlertSilence Of(string id, NewSilence silence) =>
        new(
            id,
            [.. silence.Matchers.Select(matcher => matcher.ToString())],
            silence.StartsAt,
            silence.EndsAt,
            silence.CreatedBy,
            silence.Comment
        );

    private static IEnumerable<string> Receivers(Farm farm) => farm.Options.Observability.Alerts.Receivers.Keys;

    private static string Words(IEnumerable<string> names) => names.Any() ? string.Join(", ", names) : "none";
}
