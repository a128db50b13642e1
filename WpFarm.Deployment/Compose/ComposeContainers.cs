using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Compose;

/// <summary>Operations on the containers of a farm on this machine: running programs in them, and injecting faults.</summary>
public sealed class ComposeContainers(FarmInstance instance)
{
    /// <summary>One client for the program's life, so that frequent queries do not start a process each.</summary>
    private static readonly Lazy<DockerClient> s_engine = new(Engine.Connect);

    /// <returns>The container's address; empty when the container does not run.</returns>
    public async Task<string> AddressAsync(string service, string network, CancellationToken cancel) =>
        (await InspectAsync(service, cancel)).NetworkSettings?.Networks is { } networks
        && networks.TryGetValue($"{instance.Project}_{network}", out var endpoint)
            ? endpoint.IPAddress
            : throw new OperationFailedException($"{service} is not on the network {network}.");

    /// <summary>Kills the program itself (SIGKILL), like a crash; the engine starts the container again.</summary>
    /// <param name="process">The program's name in the process list: its first 15 characters.</param>
    public async Task KillAsync(string service, string process, CancellationToken cancel)
    {
        using var found = Process.GetProcessById(await ProcessIdAsync(service, process, cancel));
        found.Kill();
    }

    /// <summary>Asks the program itself to stop (SIGTERM); the engine starts the container again.</summary>
    /// <param name="process">The program's name in the process list: its first 15 characters.</param>
    public async Task TerminateAsync(string service, string process, CancellationToken cancel) =>
        await Shell.RunAsync("kill", [$"{await ProcessIdAsync(service, process, cancel)}"], cancel: cancel);

    private async Task<int> ProcessIdAsync(string service, string process, CancellationToken cancel)
    {
        var top = await DockerAsync(["top", await IdAsync(service, cancel), "-eo", "pid,comm"], cancel);
        var line = top.Split('\n')
            .Select(line => line.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(line => line is [_, var name] && name == process)
            ?? throw new OperationFailedException($"{service} has no process {process}:\n{top}");
        return int.Parse(line[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Pauses the container: it does nothing, and its connections stay open.</summary>
    public async Task FreezeAsync(string service, CancellationToken cancel) =>
        await s_engine.Value.Containers.PauseContainerAsync(await IdAsync(service, cancel), cancel);

    public async Task ThawAsync(string service, CancellationToken cancel) =>
        await s_engine.Value.Containers.UnpauseContainerAsync(await IdAsync(service, cancel), cancel);

    /// <summary>Removes the container and the volume of the same name, and creates both again. The data is lost.</summary>
    public Task LoseAsync(string service, CancellationToken cancel) => LoseAsync(service, [], cancel);

    /// <inheritdoc cref="LoseAsync(string, CancellationToken)"/>
    /// <param name="driver">Driver options of the new volume. Empty: Compose creates it.</param>
    public async Task LoseAsync(string service, IReadOnlyList<string> driver, CancellationToken cancel)
    {
        var volume = instance.VolumeName(service);
        var labels = await DockerAsync(
            ["volume", "inspect", "--format", "{{range $name, $value := .Labels}}{{$name}}={{$value}}{{println}}{{end}}", volume],
            cancel
        );
        await DockerAsync(["rm", "--force", await IdAsync(service, cancel)], cancel);
        await DockerAsync(["volume", "rm", volume], cancel);
        if (driver.Count > 0)
            await DockerAsync(
                [
                    "volume",
                    "create",
                    .. driver,
                    .. labels.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => new[] { "--label", label }),
                    volume,
                ],
                cancel
            );
        await Shell.RunAsync(
            "docker",
            ["compose", "--file", instance.ComposeFile, "--progress", "plain", "up", "--detach", "--no-deps", service],
            cancel: cancel
        );
    }

    /// <summary>Drops all packets between the service and the others, in both directions. Neither side gets an error.</summary>
    public Task CutAsync(string service, IReadOnlyList<string> others, string network, CancellationToken cancel) =>
        FilterAsync("-I", service, others, network, cancel);

    public Task JoinAsync(string service, IReadOnlyList<string> others, string network, CancellationToken cancel) =>
        FilterAsync("-D", service, others, network, cancel);

    /// <summary>Runs SQL inside a server's container as its administrator, independently of the network.</summary>
    /// <returns>The output; null when the statement failed or took longer than <paramref name="limit"/>.</returns>
    public async Task<string?> SqlAsync(string service, string sql, TimeSpan limit, CancellationToken cancel) =>
        await RunAsync(
            service,
            ["timeout", $"{limit.TotalSeconds:0}", "mariadb", "--skip-column-names", "--batch", "--execute", sql],
            cancel
        )
            is { ExitCode: 0 } run
            ? run.Output
            : null;

    /// <summary>Runs a program inside a service's container.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="OperationFailedException">The container does not run, or the program failed.</exception>
    public async Task<string> ExecuteAsync(string service, IReadOnlyList<string> command, CancellationToken cancel) =>
        await RunAsync(service, command, cancel) switch
        {
            null => throw new OperationFailedException($"{service} does not run. Start it: ./farm up"),
            { ExitCode: 0 } run => run.Output,
            var run => throw new OperationFailedException(
                $"{service}: '{string.Join(' ', command)}' ended with exit code {run.ExitCode}: {run.Errors.Trim()}"
            ),
        };

    /// <returns>Null when the container does not run.</returns>
    private async Task<ProgramRun?> RunAsync(string service, IReadOnlyList<string> command, CancellationToken cancel) =>
        await ContainerProgram.RunAsync(s_engine.Value, await IdAsync(service, cancel), command, cancel);

    /// <summary>Runs a job's container again and waits for its end.</summary>
    public async Task RunAgainAsync(string job, Action<string> output, CancellationToken cancel)
    {
        var container = await IdAsync(job, cancel);
        await DockerAsync(["wait", container], cancel); // The previous run may not have ended.
        await Shell.RunAsync("docker", ["start", "--attach", container], output, cancel: cancel);
    }

    private async Task FilterAsync(string change, string service, IReadOnlyList<string> others, string network, CancellationToken cancel)
    {
        var process = (await InspectAsync(service, cancel)).State?.Pid;
        foreach (var other in others)
        {
            var address = await AddressAsync(other, network, cancel);
            foreach (var rule in new[] { new[] { "INPUT", "--source" }, ["OUTPUT", "--destination"] })
                await Shell.RunAsync(
                    "nsenter",
                    [$"--net=/proc/{process}/ns/net", "iptables", change, rule[0], rule[1], address, "-j", "DROP"],
                    cancel: cancel
                );
        }
    }

    private async Task<ContainerInspectResponse> InspectAsync(string service, CancellationToken cancel) =>
        await s_engine.Value.Containers.InspectContainerAsync(await IdAsync(service, cancel), cancel);

    private async Task<string> IdAsync(string service, CancellationToken cancel) =>
        await IdsAsync(service, cancel) is [var id, ..]
            ? id
            : throw new OperationFailedException($"{service} has no container. Create it: ./farm up");

    /// <summary>Ids of the service's containers, running or not.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(string service, CancellationToken cancel)
    {
        var labels = new[] { $"{ComposeLabels.Project}={instance.Project}", $"{ComposeLabels.Service}={service}" }.ToDictionary(
            label => label,
            _ => true
        );
        var found = await s_engine.Value.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = labels },
            },
            cancel
        );
        return [.. found.Select(container => container.ID)];
    }

    private static async Task<string> DockerAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        await Shell.TryReadAsync("docker", arguments, cancel)
        ?? throw new OperationFailedException($"'docker {string.Join(' ', arguments)}' failed.");
}
