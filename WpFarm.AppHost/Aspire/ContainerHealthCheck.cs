using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// Runs a service's health command inside its container, as the engine does on Compose. Here the engine cannot run it:
/// <c>docker create</c> accepts a health check only as a shell command, and not every image has a shell.
/// </summary>
internal sealed class ContainerHealthCheck(DockerClient engine, string container, HealthCheck check) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        inTime.CancelAfter(check.Timeout);
        try
        {
            var (exitCode, output) = await ExecuteAsync(inTime.Token);
            return exitCode == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{check.Command[0]} ended with exit code {exitCode}. {output}".TrimEnd());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{check.Command[0]} took longer than {check.Timeout.TotalSeconds:0.#} s.");
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException)
        {
            return HealthCheckResult.Unhealthy($"{container}: {e.Message}");
        }
    }

    private async Task<(long? ExitCode, string Output)> ExecuteAsync(CancellationToken cancel)
    {
        var command = new ContainerExecCreateParameters
        {
            Cmd = [.. check.Command],
            AttachStdout = true,
            AttachStderr = true,
        };
        var created = await engine.Exec.CreateContainerExecAsync(container, command, cancel);
        using var running = await engine.Exec.StartContainerExecAsync(created.ID, new ContainerExecStartParameters(), cancel);
        var (output, errors) = await running.ReadOutputToEndAsync(cancel);
        var ended = await engine.Exec.InspectContainerExecAsync(created.ID, cancel);
        return (ended.ExitCode, (errors + output).Trim());
    }
}
