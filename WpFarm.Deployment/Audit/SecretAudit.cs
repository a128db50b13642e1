using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.Deployment.Audit;

/// <summary>Judges the age of the secrets. Pure.</summary>
internal static class SecretAudit
{
    /// <summary>A secret that has not changed for longer has had a year to leak.</summary>
    private static readonly TimeSpan s_oldest = TimeSpan.FromDays(365);

    public static IReadOnlyList<AuditFinding> Judge(IReadOnlyList<StoredSecret> secrets, DateTimeOffset now)
    {
        var findings = secrets
            .Where(stored => CanChange(stored.Secret) && now - stored.Made > s_oldest)
            .Select(stored => new AuditFinding(
                AuditArea.Secrets,
                AuditVerdict.Advice,
                stored.Secret.Name,
                $"has had its value since {stored.Made.UtcDateTime:yyyy-MM-dd}",
                stored.Secret.IsIssued
                    ? $"ask its owner for another value: ./farm secrets set {stored.Secret.Name}"
                    : $"./farm secrets rotate {stored.Secret.Name}"
            ))
            .ToList();
        return findings.Count > 0 || secrets.Count == 0
            ? findings
            : [new(AuditArea.Secrets, AuditVerdict.Good, "secrets", "none that can be rotated is older than a year")];
    }

    private static bool CanChange(Secret secret) => secret.IsIssued || secret.Rotation is not Rotation.Never;
}
