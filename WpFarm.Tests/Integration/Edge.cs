using System.Net.Sockets;

namespace WpFarm.Tests.Integration;

/// <summary>One address that every host name is found at: <c>*.localhost</c> needs no DNS in browsers, but here it would.</summary>
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
