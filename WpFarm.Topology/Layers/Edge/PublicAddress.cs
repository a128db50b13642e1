using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Edge;

/// <summary>The addresses of the sites as visitors type them.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Port">Empty for the scheme's own port, otherwise <c>:8443</c>.</param>
internal sealed record PublicAddress(string Scheme, string Port)
{
    public bool IsSecure => Scheme == "https";

    public static PublicAddress Of(EdgeOptions edge) =>
        edge.Tls switch
        {
            TlsMode.Off => new("http", edge.HttpPort == 80 ? "" : $":{edge.HttpPort}"),
            TlsMode.Proxy => new("https", ""),
            _ => new("https", edge.HttpsPort == 443 ? "" : $":{edge.HttpsPort}"),
        };

    /// <summary>True if the farm itself ends TLS, and so needs a certificate for each host.</summary>
    public static bool NeedsCertificates(EdgeOptions edge) => edge.Tls is not (TlsMode.Off or TlsMode.Proxy);

    public string UrlOf(string host) => $"{Scheme}://{host}{Port}";
}
