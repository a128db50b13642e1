using System.Globalization;
using WpFarm.Deployment.Compose;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// Arguments of <c>docker create</c> for settings that Aspire's API lacks: the same settings as in <see cref="ComposeManifest"/>. Without a
/// restart policy, so that <see cref="Watch.FarmWatch"/> sees and reports each end before it starts the container again.
/// </summary>
internal static class RuntimeArguments
{
    /// <param name="number">Number of the replica, from 1.</param>
    public static IReadOnlyList<string> Of(Service service, string project, int number) =>
        [
            .. service.ReadOnlyRoot ? ["--read-only"] : Array.Empty<string>(),
            "--cap-drop",
            "ALL",
            .. service.Capabilities.SelectMany(capability => new[] { "--cap-add", capability.Name }),
            "--security-opt",
            "no-new-privileges:true",
            .. service.Sysctls.SelectMany(setting => new[] { "--sysctl", $"{setting.Key}={setting.Value}" }),
            .. service.User is null ? Array.Empty<string>() : ["--user", service.User],
            .. service.Tmpfs.SelectMany(tmpfs => new[] { "--tmpfs", ComposeManifest.Tmpfs(tmpfs) }),
            "--cpus",
            service.Limits.Cpus.ToString(CultureInfo.InvariantCulture),
            "--memory",
            service.Limits.Memory.ToString(),
            "--memory-reservation",
            service.Limits.Reservation.ToString(),
            "--pids-limit",
            Number(service.Limits.Pids),
            // Applies when a person stops the container; when the whole farm stops, Aspire waits 10 s for each.
            "--stop-timeout",
            Number(service.StopGrace.TotalSeconds),
            "--log-driver",
            "json-file",
            "--log-opt",
            "max-size=10m",
            "--log-opt",
            "max-file=3",
            .. Health(service),
            .. Labels(service, project, number).SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }),
        ];

    /// <summary>Includes Compose's own labels, by which the Orchestrator and <c>./farm</c> find the containers as on Compose.</summary>
    private static Dictionary<string, string> Labels(Service service, string project, int number) =>
        new()
        {
            [ComposeLabels.Project] = project,
            [ComposeLabels.Service] = service.Name,
            [ComposeLabels.Number] = Number(number),
            [ComposeLabels.Farm] = project,
            [ComposeLabels.Layer] = service.Layer.ToString(),
            [ComposeLabels.Kind] = service.Kind.ToString(),
        };

    /// <summary>
    /// Aspire runs the health checks itself. For services that are scaled by load the engine runs them too, because the Orchestrator counts
    /// the containers that the engine reports as healthy. The image of a pool has the shell that <c>docker create</c> needs for this.
    /// </summary>
    private static IEnumerable<string> Health(Service service) =>
        service is { FollowsLoad: true, Health: { } check }
            ?
            [
                "--health-cmd",
                string.Join(' ', check.Command.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'")),
                "--health-interval",
                ComposeYaml.Duration(check.Interval),
                "--health-timeout",
                ComposeYaml.Duration(check.Timeout),
                "--health-retries",
                Number(check.Retries),
                "--health-start-period",
                ComposeYaml.Duration(check.StartPeriod),
            ]
            : ["--no-healthcheck"];

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
