using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace WpFarm.Deployment.Compose;

/// <summary>Runs programs inside a running container (<c>docker exec</c>).</summary>
internal static class ContainerProgram
{
    /// <returns>Null when the container does not run.</returns>
    public static async Task<ProgramRun?> RunAsync(
        DockerClient engine,
        string container,
        IReadOnlyList<string> command,
        CancellationToken cancel
    )
    {
        try
        {
            var order = new ContainerExecCreateParameters
            {
                Cmd = [.. command],
                AttachStdout = true,
                AttachStderr = true,
            };
            var id = (await engine.Exec.CreateContainerExecAsync(container, order, cancel)).ID;
            using var streams = await engine.Exec.StartContainerExecAsync(id, new ContainerExecStartParameters(), cancel);
            var (output, errors) = await streams.ReadOutputToEndAsync(cancel);
            var ended = await engine.Exec.InspectContainerExecAsync(id, cancel);
            return new(ended is { Running: false } ? ended.ExitCode : null, output, errors);
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

/// <param name="ExitCode">Null when the engine does not know it.</param>
internal sealed record ProgramRun(long? ExitCode, string Output, string Errors);
