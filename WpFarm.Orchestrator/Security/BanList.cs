using System.Globalization;
using System.Text.RegularExpressions;

namespace WpFarm.Orchestrator.Security;

/// <summary>What CrowdSec's alerts mean for people.</summary>
internal static partial class BanList
{
    private const int Examples = 5;

    /// <summary>The decisions that are in force, the latest first.</summary>
    public static IReadOnlyList<Ban> Of(IEnumerable<CrowdSecAlert> alerts, DateTimeOffset now) =>
        [
            .. alerts
                .SelectMany(alert => (alert.Decisions ?? []).Select(decision => (Alert: alert, Decision: decision)))
                .Where(made => made.Decision.Type == "ban" && Remaining(made.Decision.Duration) > TimeSpan.Zero)
                .Select(made => new Ban(
                    Range(made.Decision),
                    made.Decision.Origin,
                    Reason(made.Alert),
                    made.Alert.CreatedAt ?? now,
                    now + Remaining(made.Decision.Duration)
                ))
                .OrderByDescending(ban => ban.From),
        ];

    public static IReadOnlyList<AddressIncident> Incidents(IEnumerable<CrowdSecAlert> alerts, DateTimeOffset now) =>
        [
            .. alerts
                .OrderByDescending(alert => alert.CreatedAt)
                .Select(alert => new AddressIncident(
                    Reason(alert),
                    alert.Decisions is [var first, ..] ? first.Origin : "crowdsec",
                    alert.CreatedAt ?? now,
                    alert.EventsCount,
                    [.. (alert.Events ?? []).Select(Request).Where(request => request.Length > 0).Distinct().Take(Examples)]
                )),
        ];

    /// <summary>The time in Go's form: <c>3h59m58.2s</c>, <c>850ms</c>.</summary>
    internal static TimeSpan Remaining(string duration) =>
        duration.StartsWith('-')
            ? TimeSpan.Zero
            : Part()
                .Matches(duration)
                .Aggregate(TimeSpan.Zero, (sum, part) => sum
                    + (
                        double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture)
                        * (
                            part.Groups["unit"].Value switch
                            {
                                "h" => TimeSpan.FromHours(1),
                                "m" => TimeSpan.FromMinutes(1),
                                "s" => TimeSpan.FromSeconds(1),
                                _ => TimeSpan.FromMilliseconds(1),
                            }
                        )
                    ));

    /// <summary>An alert without requests is one that a person or fail2ban made, and its message says why.</summary>
    private static string Reason(CrowdSecAlert alert) => alert.EventsCount == 0 ? alert.Message : alert.Scenario;

    private static string Range(CrowdSecDecision decision) =>
        decision.Value.Contains(':') && !decision.Value.Contains('/') ? $"{decision.Value}/64" : decision.Value;

    private static string Request(CrowdSecEvent line)
    {
        var fields = line.Meta.ToLookup(field => field.Key, field => field.Value);
        return string.Join(
            ' ',
            new[]
            {
                fields["http_verb"].FirstOrDefault(),
                $"{fields["target_fqdn"].FirstOrDefault()}{fields["http_path"].FirstOrDefault()}",
                fields["http_status"].FirstOrDefault(),
            }.Where(part => !string.IsNullOrEmpty(part))
        );
    }

    [GeneratedRegex("(?<number>[0-9.]+)(?<unit>h|ms|m|s)")]
    private static partial Regex Part();
}
