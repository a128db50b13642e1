namespace WpFarm.Topology.Layers;

/// <summary>
/// An HTTP health check for images that have bash but no HTTP client: bash opens the connection itself, in 3 ms and without curl's
/// libraries.
/// </summary>
internal static class HttpCheck
{
    public static HealthCheck Of(int port, string path) =>
        new(
            "bash",
            "-c",
            $@"exec 3<>/dev/tcp/127.0.0.1/{port} && printf 'GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && "
                + @"grep -qm1 '^HTTP/1\.[01] 200' <&3"
        );
}
