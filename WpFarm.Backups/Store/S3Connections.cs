using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;

namespace WpFarm.Backups.Store;

/// <summary>
/// HTTP connections that distinguish a dead store from a slow one. A machine or container that is gone sends nothing, not even a reset:
/// without a limit the kernel retransmits for a quarter of an hour, and a timeout for a whole request must allow for slow networks.
/// </summary>
internal sealed class S3Connections : HttpClientFactory
{
    /// <summary>Request timeout. A part of 8 MiB takes this long at 0.7 Mbit/s.</summary>
    private static readonly TimeSpan s_request = TimeSpan.FromSeconds(100);

    /// <summary>The peer counts as dead when it acknowledges neither data nor probes for this long.</summary>
    private static readonly TimeSpan s_gone = TimeSpan.FromSeconds(15);

    /// <summary>Linux's TCP_USER_TIMEOUT, in milliseconds (tcp(7)); .NET has no name for it.</summary>
    private const int TcpUserTimeout = 18;

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = s_gone,
                ConnectCallback = ConnectAsync,
            }
        )
        {
            Timeout = s_request,
        };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The user timeout limits retransmission. While an answer is awaited, keep-alive sends three probes, five seconds apart.
            socket.SetRawSocketOption((int)ProtocolType.Tcp, TcpUserTimeout, BitConverter.GetBytes((int)s_gone.TotalMilliseconds));
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)s_gone.TotalSeconds / 3);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)s_gone.TotalSeconds / 3);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
