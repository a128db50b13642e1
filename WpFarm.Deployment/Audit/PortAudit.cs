using WpFarm.Topology;

namespace WpFarm.Deployment.Audit;

/// <summary>
/// Judges which ports of this machine others can reach: the sites' are meant for them, the administration's are not. Pure.
/// </summary>
internal static class PortAudit
{
    /// <summary>The engine's API without TLS, by convention. Whoever reaches it is root on the machine.</summary>
    private const int EngineApi = 2375;

    /// <param name="published">Ports that the farm's containers publish on this machine.</param>
    /// <param name="listeners">Who accepts connections on this machine.</param>
    public static IEnumerable<AuditFinding> Judge(Farm farm, IReadOnlySet<int> published, IReadOnlyList<Listener> listeners)
    {
        foreach (var (host, port) in farm.Services.SelectMany(service => service.HostPorts).Where(port => published.Contains(port.Host)))
            yield return !port.LoopbackOnly
                ? new(AuditArea.Ports, AuditVerdict.Good, $"port {host}", $"{port.Purpose}: for everybody, as meant")
            : Open(listeners, host) is { } open
                ? new(
                    AuditArea.Ports,
                    AuditVerdict.Mend,
                    $"port {host}",
                    $"{port.Purpose}: others can reach it at {open}, and it is for administrators only",
                    "let no proxy or tunnel publish it, and run ./farm up, which publishes it at 127.0.0.1"
                )
            : new(AuditArea.Ports, AuditVerdict.Good, $"port {host}", $"{port.Purpose}: on this machine only");
        if (Open(listeners, EngineApi) is { } engine)
            yield return new(
                AuditArea.Ports,
                AuditVerdict.Mend,
                $"port {EngineApi}",
                $"a program, by convention Docker's engine without TLS, listens at {engine}: who reaches an engine is root here",
                "let the engine listen at its socket only, or with TLS: remove tcp:// from \"hosts\" in /etc/docker/daemon.json"
            );
    }

    private static Listener? Open(IReadOnlyList<Listener> listeners, int port) =>
        listeners.FirstOrDefault(listener => listener.Port == port && !listener.IsLocal);
}
