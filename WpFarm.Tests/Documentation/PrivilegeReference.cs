using System.Globalization;
using System.Text;
using WpFarm.Tests.Topology;
using WpFarm.Topology;

namespace WpFarm.Tests.Documentation;

/// <summary>docs/reference/privileges.md: what each service may do beyond the least, and why.</summary>
internal static class PrivilegeReference
{
    private const string Introduction = """
        # Privileges

        What a service may do beyond the least, generated from the model. The least, which every service without a row here has: no Linux
        capability at all, a read-only root file system, a user other than root, no path of the host, none of the host's namespaces,
        and Docker's own seccomp profile. Limits of CPU, memory and processes hold for all.

        | service | privilege | why |
        |---|---|---|

        """;

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        foreach (var service in EveryFarm.Services)
        foreach (var (privilege, reason) in Of(service))
            text.Append(CultureInfo.InvariantCulture, $"| {Name(service)} | {privilege} | {reason} |\n");
        text.Append(NoNewPrivileges());
        return text.ToString();
    }

    private static IEnumerable<(string Privilege, string Reason)> Of(Service service)
    {
        if (service.RootReason is { } root)
            yield return ("user root", root);
        foreach (var capability in service.Capabilities)
            yield return ($"`CAP_{capability.Name}`", capability.Reason);
        foreach (var mount in service.Mounts.Where(mount => mount.HostPath))
            yield return ($"the host's `{mount.Source}`, {(mount.ReadOnly ? "read-only" : "writable")}", mount.HostReason!);
        if (service.WritableRootReason is { } writable)
            yield return ("a writable root file system", writable);
    }

    private static string NoNewPrivileges()
    {
        var upstream = EveryFarm.Services.Where(service => service.Image is Image.Upstream).Select(Name).Distinct();
        return $"""

            ## Gaining privileges

            No program can gain a privilege that its container was not started with (`no_new_privs`). On one engine and under Aspire the
            engine sees to it for every container. A swarm ignores that setting, so every first-party image starts by
            `setpriv --no-new-privs`, and has no file with the bits setuid or setgid. Services with an upstream image cannot get it on a
            swarm: {string.Join(", ", upstream)}.

            """;
    }

    /// <summary>With the image, where the service can have several.</summary>
    private static string Name(Service service) =>
        EveryFarm.Services.Count(other => other.Name == service.Name) > 1 && service.Image is Image.Upstream image
            ? $"{service.Name} ({image.Repository})"
            : service.Name;
}
