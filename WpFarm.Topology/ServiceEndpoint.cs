namespace WpFarm.Topology;

/// <summary>
/// Host, port and scheme at which a service listens inside the farm. Declared once; calls, settings and scrapes refer to it.
/// </summary>
/// <param name="Host">The service's name, or one of its network aliases.</param>
/// <param name="Port">Port inside the container.</param>
/// <param name="Scheme">The protocol, as in an address: <c>http</c>, <c>tcp</c>, <c>udp</c>, <c>redis</c>.</param>
public sealed record ServiceEndpoint(string Host, int Port, string Scheme)
{
    private const string UdpScheme = "udp";

    public static ServiceEndpoint Http(string host, int port) => new(host, port, "http");

    public static ServiceEndpoint Tcp(string host, int port) => new(host, port, "tcp");

    public static ServiceEndpoint Udp(string host, int port) => new(host, port, UdpScheme);

    /// <summary><c>HOST:PORT</c></summary>
    public string HostAndPort => $"{Host}:{Port}";

    /// <summary><c>SCHEME://HOST:PORT</c></summary>
    public string Address => $"{Scheme}://{HostAndPort}";

    public bool IsUdp => Scheme == UdpScheme;
}
