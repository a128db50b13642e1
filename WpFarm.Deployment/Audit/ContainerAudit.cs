using WpFarm.Topology;

namespace WpFarm.Deployment.Audit;

/// <summary>Judges whether a running container may do more than the model of its service says. Pure.</summary>
internal static class ContainerAudit
{
    private const string NoNewPrivileges = "no-new-privileges";

    public static IEnumerable<AuditFinding> Judge(Farm farm, IReadOnlyList<ContainerFacts> containers)
    {
        var findings = containers.Select(container => (Container: container, Excess: Excess(farm, container).ToList())).ToList();
        foreach (var (container, excess) in findings.Where(finding => finding.Excess.Count > 0))
            yield return new(
                AuditArea.Containers,
                AuditVerdict.Mend,
                container.Name,
                $"may do more than its model says: {string.Join(", ", excess)}",
                "replace it: docker rm --force " + container.Name + ", then ./farm up"
            );
        var good = findings.Count(finding => finding.Excess.Count == 0);
        if (good > 0)
            yield return new(AuditArea.Containers, AuditVerdict.Good, "containers", $"{good} may do what their models say, and no more");
    }

    private static IEnumerable<string> Excess(Farm farm, ContainerFacts container)
    {
        if (farm.Services.FirstOrDefault(service => service.Name == container.Service) is not { } service)
        {
            yield return "the farm has no such service";
            yield break;
        }

        if (container.Privileged)
            yield return "privileged";
        if (!container.DropsAll)
            yield return "keeps Docker's own capabilities";
        foreach (var capability in container.Added.Except(service.Capabilities.Select(allowed => allowed.Name)))
            yield return $"CAP_{capability}";
        if (service.ReadOnlyRoot && !container.ReadOnlyRoot)
            yield return "a writable root file system";
        foreach (var space in container.HostNamespaces)
            yield return $"the host's {space} namespace";
        foreach (var path in container.HostPaths.Except(service.Mounts.Where(mount => mount.HostPath).Select(mount => mount.Source)))
            yield return $"the host's {path}";
        foreach (var device in container.Devices)
            yield return $"the device {device}";
        foreach (var option in container.SecurityOptions.Where(option => option.Contains("unconfined", StringComparison.Ordinal)))
            yield return option;
        if (!container.SecurityOptions.Any(IsNoNewPrivileges))
            yield return "can gain privileges";
    }

    private static bool IsNoNewPrivileges(string option) =>
        option.StartsWith(NoNewPrivileges, StringComparison.Ordinal) && !option.EndsWith("false", StringComparison.Ordinal);
}
