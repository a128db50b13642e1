using System.Net.Sockets;

namespace WpFarm.Tests.Integration;

/// <summary>Resolves every host name to one address: browsers resolve <c>*.localhost</c> without DNS, .NET does not.</summary>
internal static class Edge
{
    public static SocketsHttpHandler At(string address, int port) =>
        new()
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(address, port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
}
