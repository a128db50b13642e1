using System.Collections.Immutable;
using System.Text.Json;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>What the database keeps of certificates, opened: texts by name.</summary>
internal sealed record CertificateItems(ImmutableSortedDictionary<string, string> Texts)
{
    /// <summary>The local authority's certificate and key, in PEM.</summary>
    public const string Authority = "authority";

    /// <summary>The account at the ACME authority.</summary>
    public const string AcmeAccount = "acme-account";

    private const string IssuedPrefix = "issued/";
    private const string OperatorPrefix = "operator/";
    private const string FailedPrefix = "failed/";

    public static CertificateItems None { get; } = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>Read when first asked for: of 500 hosts that get certificates in one look, each write makes another set of items.</summary>
    public IReadOnlyList<HeldCertificate> Held =>
        field ??= [.. Read(Texts, IssuedPrefix, CertificateSource.Issued), .. Read(Texts, OperatorPrefix, CertificateSource.Operator)];

    /// <summary>By host.</summary>
    public IReadOnlyDictionary<string, FailedIssue> Failed =>
        field ??= Below(Texts, FailedPrefix).ToDictionary(item => item.Name, item => JsonSerializer.Deserialize<FailedIssue>(item.Text)!);

    public static string Issued(string host) => IssuedPrefix + host;

    /// <summary>The operator's certificate with the same names takes the place of the one before it.</summary>
    public static string Operator(SiteCertificate certificate) => OperatorPrefix + certificate.Hosts[0];

    public static string FailedFor(string host) => FailedPrefix + host;

    public string? Find(string name) => Texts.GetValueOrDefault(name);

    public CertificateItems With(string name, string text) => new(Texts.SetItem(name, text));

    public CertificateItems Without(string name) => new(Texts.Remove(name));

    private static IEnumerable<HeldCertificate> Read(
        ImmutableSortedDictionary<string, string> texts,
        string prefix,
        CertificateSource source
    ) => Below(texts, prefix).Select(item => new HeldCertificate(SiteCertificate.Read(item.Text), source));

    private static IEnumerable<(string Name, string Text)> Below(ImmutableSortedDictionary<string, string> texts, string prefix) =>
        texts.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(item => (item.Key[prefix.Length..], item.Value));
}
