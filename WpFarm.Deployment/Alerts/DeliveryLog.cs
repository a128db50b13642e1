using System.Globalization;
using System.Text.RegularExpressions;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Deployment.Alerts;

/// <summary>
/// Why a receiver was not told of an alert. Only Alertmanager's log has the reason: of a farm on this machine, it is read there.
/// </summary>
public sealed partial class DeliveryLog(FarmInstance instance)
{
    private const string InContainerLog = "the log of alertmanager has the reason";

    /// <param name="since">Lines from before are another notification's.</param>
    public async Task<string> ReasonAsync(string receiver, DateTimeOffset since, CancellationToken cancel) =>
        File.Exists(instance.ComposeFile)
        && await Shell.TryReadAsync(
            "docker",
            [
                "compose",
                "--file",
                instance.ComposeFile,
                "logs",
                "--no-log-prefix",
                "--since",
                since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                Alertmanager.Name,
            ],
            cancel
        )
            is { } log
            ? Reason(log, receiver) ?? InContainerLog
            : InContainerLog;

    /// <param name="log">
    /// Lines such as <c>level=WARN msg="Notify attempt failed, will retry later" receiver=hook integration=webhook[0] err="…"</c>.
    /// </param>
    /// <returns>The last reason; null when the log has none.</returns>
    internal static string? Reason(string log, string receiver) =>
        log.Split('\n')
            .Select(line => Failure().Match(line))
            .Where(match => match.Success && match.Groups["receiver"].Value == receiver)
            .Select(match => match.Groups["reason"].Value.Replace("\\\"", "\"", StringComparison.Ordinal))
            .LastOrDefault();

    [GeneratedRegex("""receiver=(?<receiver>\S+) integration=.* err="(?<reason>(?:[^"\\]|\\.)*)"\s*$""", RegexOptions.None, 1000)]
    private static partial Regex Failure();
}
