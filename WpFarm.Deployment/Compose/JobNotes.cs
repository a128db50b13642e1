using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Machine;

namespace WpFarm.Deployment.Compose;

/// <summary>What a job that succeeded wants a person to know: lines of its output that begin with <c>note: </c>.</summary>
internal static class JobNotes
{
    private const string Prefix = "note: ";

    /// <summary>The notes of the container's last run. The engine keeps the output of the runs before, too.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        DockerClient engine,
        ContainerListResponse container,
        CancellationToken cancel
    )
    {
        var started = (await engine.Containers.InspectContainerAsync(container.ID, cancel)).State?.StartedAt ?? "";
        var output = await Shell.TryReadAsync("docker", ["logs", "--since", started, container.ID], cancel);
        return output is null ? [$"the engine does not give the output of {container.Names[0].TrimStart('/')}"] : In(output);
    }

    internal static IReadOnlyList<string> In(string output) =>
        [
            .. output
                .Split('\n')
                .Where(line => line.StartsWith(Prefix, StringComparison.Ordinal))
                .Select(line => line[Prefix.Length..].Trim()),
        ];
}
