using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Docker.DotNet;

namespace WpFarm.Tests.Deployment.Machine;

/// <summary>
/// An engine in states that a test cannot bring a real one into: too old, or on a full disk. Answers four requests of Docker's API.
/// </summary>
internal sealed class FakeEngine : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public FakeEngine()
    {
        Port = FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public int Port { get; }

    public string ApiVersion { get; init; } = "1.41";

    /// <summary>Folder in which the engine keeps its data.</summary>
    public string RootFolder { get; init; } = Path.GetTempPath();

    public IReadOnlyList<object> Volumes { get; init; } = [];

    public DockerClient Connect() => new DockerClientBuilder().WithEndpoint(new Uri($"tcp://127.0.0.1:{Port}")).Build();

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                context.Response.ContentType = "application/json";
                context.Response.Close(
                    Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Answer(context.Request.Url!.AbsolutePath))),
                    willBlock: true
                );
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The listener was closed.
        }
    }

    private object Answer(string path) =>
        path.Split('/')[^1] switch
        {
            "version" => new { Version = "19.03.0", ApiVersion },
            "info" => new { DockerRootDir = RootFolder },
            "volumes" => new { Volumes },
            _ => Array.Empty<object>(),
        };
}
