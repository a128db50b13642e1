using System.Security.Cryptography;
using System.Text;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>Decides which certificate a host uses, and when another is issued. Pure.</summary>
internal static class CertificatePlan
{
    /// <summary>Of a certificate's lifetime, what remains when it is renewed: a third, as Let's Encrypt recommends.</summary>
    private const double RenewedAt = 1.0 / 3;

    /// <summary>Of a certificate's lifetime, how much earlier it is renewed at most, so that 500 are not renewed in one hour.</summary>
    private const double Jitter = 1.0 / 30;

    /// <returns>A valid certificate before an expired one, the operator's before an issued one, then the longest valid.</returns>
    public static HeldCertificate? Chosen(string host, IEnumerable<HeldCertificate> held, DateTimeOffset now) =>
        held.Where(candidate => candidate.Certificate.Covers(host))
            .OrderByDescending(candidate => candidate.Certificate.IsValidAt(now))
            .ThenByDescending(candidate => candidate.Source is CertificateSource.Operator)
            .ThenByDescending(candidate => candidate.Certificate.NotAfter)
            .FirstOrDefault();

    /// <returns>The hosts for which an authority must be asked now, the ones without any certificate first.</returns>
    public static IReadOnlyList<string> Due(
        IReadOnlyList<string> hosts,
        IReadOnlyList<HeldCertificate> held,
        IReadOnlyDictionary<string, FailedIssue> failed,
        DateTimeOffset now
    ) =>
        [
            .. hosts
                .Select(host => (Host: host, Chosen: Chosen(host, held, now)))
                .Where(entry => entry.Chosen is null || RenewAt(entry.Host, entry.Chosen, now) <= now)
                .Where(entry => !failed.TryGetValue(entry.Host, out var last) || last.NextTry <= now)
                .OrderBy(entry => entry.Chosen?.Certificate.NotAfter ?? DateTimeOffset.MinValue)
                .Select(entry => entry.Host),
        ];

    /// <summary>When a host's certificate is renewed. Never, while the operator's is valid.</summary>
    public static DateTimeOffset RenewAt(string host, HeldCertificate chosen, DateTimeOffset now)
    {
        var certificate = chosen.Certificate;
        if (chosen.Source is CertificateSource.Operator)
            return certificate.IsValidAt(now) ? DateTimeOffset.MaxValue : now;
        var lifetime = certificate.NotAfter - certificate.NotBefore;
        var share = BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(host))) / (double)uint.MaxValue;
        return certificate.NotAfter - (lifetime * (RenewedAt + (Jitter * share)));
    }
}
