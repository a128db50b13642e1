using System.Diagnostics;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Deployment.Swarm;

/// <summary>
/// Connects to the Orchestrator's API on a swarm, where it publishes no port: through a shell in its container, on whichever manager runs
/// it. A user who reaches the managers' engines is root there anyway, so this grants nothing new.
/// </summary>
/// <param name="context">Docker context of a manager; null for the one that the environment names.</param>
internal sealed class OrchestratorTunnel(string service, string? context)
{
    private static string Relay(ServiceEndpoint target) =>
        $$"""exec 3<>/dev/tcp/{{target.Host}}/{{target.Port}} && { cat <&3 & cat >&3; kill $!; }""";

    /// <returns>Null when the engine is not a manager of a swarm that runs this farm.</returns>
    public static async Task<OrchestratorTunnel?> FindAsync(string project, string? context, CancellationToken cancel)
    {
        var service = Stacks.NameOf(project, Layer.Management, Topology.Layers.Management.Orchestrator.Name);
        var tunnel = new OrchestratorTunnel(service, context);
        return await tunnel.ReadAsync(["service", "inspect", "--format", "{{.ID}}", service], cancel) is null ? null : tunnel;
    }

    /// <summary>Opens a connection to the Orchestrator.</summary>
    /// <inheritdoc cref="OpenAsync(ServiceEndpoint, CancellationToken)"/>
    public Task<Stream> OpenAsync(CancellationToken cancel) =>
        OpenAsync(ServiceEndpoint.Http("127.0.0.1", Topology.Layers.Management.Orchestrator.Port), cancel);

    /// <summary>
    /// Opens a connection to a service that the Orchestrator reaches. Finds the container each time, because it may have moved.
    /// </summary>
    /// <exception cref="HttpRequestException">
    /// The Orchestrator does not run, or runs on a node that cannot be reached from here.
    /// </exception>
    public async Task<Stream> OpenAsync(ServiceEndpoint target, CancellationToken cancel)
    {
        var (node, container) = await FindAsync(cancel);
        var start = new ProcessStartInfo(
            "docker",
            [.. await HostOfAsync(node, cancel), "exec", "--interactive", container, "bash", "-c", Relay(target)]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ProcessStream(Process.Start(start)!);
    }

    private async Task<(string Node, string Container)> FindAsync(CancellationToken cancel)
    {
        var tasks = Words(
            await ReadAsync(["service", "ps", "--quiet", "--no-trunc", "--filter", "desired-state=running", service], cancel)
        );
        var places =
            tasks.Length == 0
                ? null
                : await ReadAsync(
                    [
                        "inspect",
                        "--type",
                        "task",
                        "--format",
                        "{{.Status.State}} {{.NodeID}} {{with .Status.ContainerStatus}}{{.ContainerID}}{{end}}",
                        .. tasks,
                    ],
                    cancel
                );
        return (places ?? "").Split('\n').Select(Words).FirstOrDefault(words => words is ["running", _, _]) is [_, var node, var container]
            ? (node, container)
            : throw new HttpRequestException($"{service} has no running task. To see why: docker service ps {service}");
    }

    /// <summary>The docker arguments that select a node's engine.</summary>
    private async Task<IReadOnlyList<string>> HostOfAsync(string node, CancellationToken cancel)
    {
        if ((await ReadAsync(["info", "--format", "{{.Swarm.NodeID}}"], cancel))?.Trim() == node)
            return Context;
        var place = Words(
            await ReadAsync(["node", "inspect", "--format", "{{.Description.Hostname}} {{.ManagerStatus.Addr}}", node], cancel)
        );
        var endpoint =
            context is null && Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
                ? host
                : (
                    await ReadAsync(
                        [
                            "context",
                            "inspect",
                            "--format",
                            "{{.Endpoints.docker.Host}}",
                            .. context is null ? Array.Empty<string>() : [context],
                        ],
                        cancel
                    )
                )?.Trim() ?? "";
        return place is [var name, var address]
            ?
            [
                "--host",
                EndpointOf(endpoint, address[..address.LastIndexOf(':')])
                    ?? throw new HttpRequestException(
                        $"the Orchestrator runs on {name}, whose engine cannot be reached from here. "
                            + $"Run this command there, or with DOCKER_HOST=ssh://USER@{name}"
                    ),
            ]
            : throw new HttpRequestException($"{node} is no longer a node of the swarm");
    }

    /// <summary>The endpoint of another node's engine, which is reached by the same protocol and user as the known engine.</summary>
    /// <param name="endpoint">Endpoint of the known engine, for example <c>ssh://admin@10.0.0.1</c>.</param>
    /// <returns>Null when the known engine is reached by a local socket.</returns>
    internal static string? EndpointOf(string endpoint, string address) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var known) && known.Scheme is "ssh" or "tcp" or "http" or "https"
            ? new UriBuilder(known) { Host = address }.Uri.AbsoluteUri.TrimEnd('/')
            : null;

    private IReadOnlyList<string> Context => context is null ? [] : ["--context", context];

    private Task<string?> ReadAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        Shell.TryReadAsync("docker", [.. Context, .. arguments], cancel);

    private static string[] Words(string? text) => (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
