using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>Looks at the certificates that the edges serve, by a TLS handshake with each of them, as a browser makes it.</summary>
internal sealed class ServedCertificates(IOptions<CertificateSettings> options, TimeProvider time) : IServedCertificates
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    public async Task<bool> IsServedAsync(string host, string fingerprint, CancellationToken cancel)
    {
        var edge = options.Value.Edge;
        using var limit = new CancellationTokenSource(s_limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            foreach (var address in await Dns.GetHostAddressesAsync(edge.Host, both.Token))
                if (!await ServesAsync(new(address, edge.Port), host, fingerprint, both.Token))
                    return false;
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> ServesAsync(IPEndPoint edge, string host, string fingerprint, CancellationToken cancel)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(edge, cancel);
        await using var tls = new SslStream(client.GetStream());
        var isServed = false;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                // The handshake ends here unless the edge has exactly this certificate.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    isServed = certificate is not null && SiteCertificate.FingerprintOf(certificate) == fingerprint,
            },
            cancel
        );
        return isServed;
    }
}

internal interface IServedCertificates
{
    /// <returns>True if every edge serves this certificate for the host.</returns>
    Task<bool> IsServedAsync(string host, string fingerprint, CancellationToken cancel);
}
