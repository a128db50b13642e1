using System.Net;
using System.Net.Sockets;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Swarm;

/// <summary>
/// A port of this machine, on the loopback address only, that leads to a service of a farm on a swarm. No port of the swarm's nodes is open
/// for it: the connections go through the Orchestrator's container, as those to its API do.
/// </summary>
public sealed class LocalPort : IDisposable
{
    private readonly TcpListener _listener;
    private readonly OrchestratorTunnel _tunnel;
    private readonly ServiceEndpoint _target;

    private LocalPort(TcpListener listener, OrchestratorTunnel tunnel, ServiceEndpoint target)
    {
        _listener = listener;
        _tunnel = tunnel;
        _target = target;
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <param name="port">0: any that is free.</param>
    /// <returns>Null when the engine is not a manager of a swarm that runs this farm.</returns>
    /// <exception cref="InvalidInputException">The port is taken.</exception>
    public static async Task<LocalPort?> OpenAsync(FarmInstance instance, ServiceEndpoint target, int port, CancellationToken cancel)
    {
        if (await OrchestratorTunnel.FindAsync(instance.Project, context: null, cancel) is not { } tunnel)
            return null;
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            listener.Dispose();
            throw new InvalidInputException($"--port {port}: {exception.Message}. Take another one, or 0 for any that is free.");
        }

        return new(listener, tunnel, target);
    }

    /// <summary>Serves connections until it is cancelled.</summary>
    /// <param name="failed">Is told when a connection could not be opened.</param>
    public async Task ServeAsync(Action<string> failed, CancellationToken cancel)
    {
        while (true)
            _ = ServeOneAsync(await _listener.AcceptSocketAsync(cancel), failed, cancel);
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeOneAsync(Socket accepted, Action<string> failed, CancellationToken cancel)
    {
        await using var browser = new NetworkStream(accepted, ownsSocket: true);
        try
        {
            await using var service = await _tunnel.OpenAsync(_target, cancel);
            // Whichever side ends first ends the connection.
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await Task.WhenAny(browser.CopyToAsync(service, end.Token), service.CopyToAsync(browser, end.Token)).Unwrap();
            await end.CancelAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            failed($"{_target.HostAndPort}: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
    }
}
