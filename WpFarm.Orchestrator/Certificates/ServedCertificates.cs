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
                await CheckCertificateAsync(new(address, edge.Port), host, fingerprint, both.Token);
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

    /// <exception cref="AuthenticationException">The edge serves another certificate, or none.</exception>
    private static async Task CheckCertificateAsync(IPEndPoint edge, string host, string fingerprint, CancellationToken cancel)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(edge, cancel);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && SiteCertificate.FingerprintOf(certificate) == fingerprint,
            },
            cancel
        );
    }
}

internal interface IServedCertificates
{
    /// <returns>True if every edge serves this certificate for the host.</returns>
    Task<bool> IsServedAsync(string host, string fingerprint, CancellationToken cancel);
}
