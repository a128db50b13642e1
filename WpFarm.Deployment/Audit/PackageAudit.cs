namespace WpFarm.Deployment.Audit;

/// <summary>Judges the packages of a first-party image. Pure.</summary>
internal static class PackageAudit
{
    public const string Refresh = "./farm images refresh, then ./farm up (a swarm: ./farm deploy)";

    /// <summary>Number of packages that a finding names.</summary>
    private const int Named = 5;

    public static AuditFinding Judge(string image, IReadOnlyList<PackageUpdate> updates)
    {
        var security = updates.Where(update => update.IsSecurity).ToList();
        return security.Count > 0 ? Finding(image, AuditVerdict.Mend, "updates for security", security)
            : updates.Count > 0 ? Finding(image, AuditVerdict.Advice, "updates, none of them for security", updates)
            : new(AuditArea.Packages, AuditVerdict.Good, image, "has all of Debian's updates");
    }

    private static AuditFinding Finding(string image, AuditVerdict verdict, string what, IReadOnlyList<PackageUpdate> updates)
    {
        var names = updates.Take(Named).Select(update => $"{update.Name} {update.From ?? "(new)"} → {update.To}");
        var more = updates.Count > Named ? $", and {updates.Count - Named} more" : "";
        return new(AuditArea.Packages, verdict, image, $"lacks {updates.Count} {what}: {string.Join(", ", names)}{more}", Refresh);
    }
}
