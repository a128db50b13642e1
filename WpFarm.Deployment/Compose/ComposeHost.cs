using System.Text.RegularExpressions;
using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Deployment.Compose.Changing;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>
/// Runs a farm on one engine. <c>docker compose</c> creates the containers, networks and volumes. This class decides which containers are
/// replaced and when each one starts: compose would replace all at once, and would start a service only after the engine's first health
/// check of its dependencies.
/// </summary>
public sealed partial class ComposeHost(DockerClient engine, FarmInstance instance, IFarmProgress progress)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Changes running services to match the manifest while visitors use the farm, starts the others, and waits until every service is
    /// healthy and every job is done.
    /// </summary>
    /// <param name="wanted">The wanted version of each service.</param>
    /// <param name="limit">How long the start may take.</param>
    /// <exception cref="OperationFailedException">
    /// A job failed, a change failed, or the limit passed; names the services and shows their last log lines.
    /// </exception>
    public async Task UpAsync(Farm farm, IReadOnlyDictionary<string, ServiceVersion> wanted, TimeSpan limit, CancellationToken cancel)
    {
        await RemoveUnfinishedAsync(cancel);
        var containers = await ContainersAsync(cancel);
        var isRunning = containers.Any(ContainerStates.IsUp);
        var pools = new SparePools(engine, farm, containers);
        await pools.RemoveAsync(cancel);
        if (isRunning && await PlanAsync(farm, wanted, cancel) is { Count: > 0 } plan)
            await new ChangeRun(engine, this, instance, farm, progress).MakeAsync(plan, cancel);

        string[] keep = isRunning ? ["--no-recreate"] : [];
        await InTimeAsync(
            farm,
            limit,
            async inTime =>
            {
                await ComposeAsync(["up", "--no-start", "--remove-orphans", "--quiet-pull", .. keep, .. SparePools.AtMost(farm)], inTime);
                await new FarmStart(engine, this, farm, progress).RunAsync(pools.Running, inTime);
            },
            cancel
        );
        foreach (var service in farm.Services.Where(service => service.Reload is not null))
            LiveFiles.RecordLoaded(service, instance.Folder);
    }

    /// <summary>
    /// Removes containers that an interrupted <c>up</c> left behind. Compose names a replacement "oldid_name" and renames it once the old
    /// container is removed. A container that still has such a name has never run. The next compose would remove it and at the same time
    /// create another with that name.
    /// </summary>
    private async Task RemoveUnfinishedAsync(CancellationToken cancel)
    {
        foreach (
            var unfinished in (await ContainersAsync(cancel)).Where(container =>
                container.State == "created" && NameOfAReplacement().IsMatch(container.Names[0])
            )
        )
            await engine.Containers.RemoveContainerAsync(unfinished.ID, new ContainerRemoveParameters { Force = true }, cancel);
    }

    [GeneratedRegex("^/[0-9a-f]{12}_")]
    private static partial Regex NameOfAReplacement();

    /// <summary>Plans what <see cref="UpAsync"/> would change in the running farm. Changes nothing.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(
        Farm farm,
        IReadOnlyDictionary<string, ServiceVersion> wanted,
        CancellationToken cancel
    ) => ChangePlan.Of(farm, wanted, [.. (await ContainersAsync(cancel)).Select(Running)], LiveFiles.NotLoaded(farm, instance.Folder));

    /// <summary>Restarts a service's containers unchanged and waits until they are healthy.</summary>
    /// <exception cref="OperationFailedException">The limit passed; shows their last log lines.</exception>
    public Task RestartAsync(Farm farm, string service, TimeSpan limit, CancellationToken cancel) =>
        SettleAsync(farm, [service], ["restart", "--no-deps", service], limit, cancel);

    /// <summary>Creates and starts one service of the manifest, and nothing else, and waits until it is healthy.</summary>
    /// <exception cref="OperationFailedException">The limit passed; shows its last log lines.</exception>
    public Task StartAsync(Farm farm, string service, TimeSpan limit, CancellationToken cancel) =>
        ReplaceAsync(farm, [service], limit, cancel);

    /// <summary>Stops outdated containers of the services and starts new ones, all at once, and waits until they are healthy.</summary>
    /// <param name="stopSeconds">How long a container may take to stop; null for the service's own time.</param>
    internal Task ReplaceAsync(Farm farm, IReadOnlyList<string> services, TimeSpan limit, CancellationToken cancel, int? stopSeconds = null)
    {
        string[] stop = stopSeconds is { } seconds ? ["--timeout", $"{seconds}"] : [];
        return SettleAsync(farm, services, ["up", "--detach", "--no-deps", "--quiet-pull", .. stop, .. services], limit, cancel);
    }

    /// <summary>
    /// Adds a container to a service, whose other containers stay unchanged, and waits until it is healthy. Removes it when it does not
    /// become healthy.
    /// </summary>
    internal async Task AddAsync(Farm farm, Service service, int count, TimeSpan limit, CancellationToken cancel)
    {
        var before = (await ContainersOfAsync(service, cancel)).Select(container => container.ID).ToHashSet();
        var one = farm with { Services = [service with { Replicas = Replicas.One }], Omitted = [] };
        try
        {
            await ComposeAsync(
                ["up", "--detach", "--no-deps", "--no-recreate", "--quiet-pull", "--scale", $"{service.Name}={count}", service.Name],
                cancel
            );
            await InTimeAsync(one, limit, inTime => UntilSettledAsync(one, inTime, container => !before.Contains(container.ID)), cancel);
        }
        catch
        {
            foreach (
                var added in (await ContainersOfAsync(service, CancellationToken.None)).Where(container => !before.Contains(container.ID))
            )
                await engine.Containers.RemoveContainerAsync(
                    added.ID,
                    new ContainerRemoveParameters { Force = true },
                    CancellationToken.None
                );
            throw;
        }
    }

    /// <summary>Stops and removes containers and networks.</summary>
    /// <param name="volumes">Remove the volumes too, and with them all data.</param>
    public async Task DownAsync(bool volumes, CancellationToken cancel)
    {
        await new FarmStop(engine, progress).RunAsync(await ContainersAsync(cancel), cancel);
        try
        {
            await Shell.RunAsync(
                "docker",
                ["compose", "--project-name", instance.Project, "down", "--remove-orphans"],
                ReportLine,
                cancel: cancel
            );
        }
        catch (OperationFailedException)
        {
            // Engine 20.10 may keep counting the endpoint of a container that died during its start, and then refuses to remove the
            // network. The network is empty, and the next start uses it.
            if ((await ContainersAsync(cancel)).Count > 0 || await NetworksAsync(cancel) is not { Count: > 0 } left)
                throw;
            progress.Report(
                "networks",
                $"PROBLEM: the engine keeps {string.Join(", ", left.Select(network => network.Name))} until it is restarted. "
                    + "Nothing need be done: the next ./farm up uses them."
            );
        }

        if (volumes)
            await RemoveVolumesAsync(cancel);
    }

    private async Task<IList<NetworkResponse>> NetworksAsync(CancellationToken cancel) =>
        await engine.Networks.ListNetworksAsync(
            new NetworksListParameters { Filters = Filter("label", $"{ComposeLabels.Project}={instance.Project}") },
            cancel
        );

    public async Task<IReadOnlyList<VolumeResponse>> VolumesAsync(CancellationToken cancel)
    {
        var found = await engine.Volumes.ListAsync(
            new VolumesListParameters { Filters = Filter("label", $"{ComposeLabels.Farm}={instance.Project}") },
            cancel
        );
        return found.Volumes?.OrderBy(v => v.Name, StringComparer.Ordinal).ToList() ?? [];
    }

    public async Task<IReadOnlyList<ContainerListResponse>> ContainersAsync(CancellationToken cancel) =>
        [
            .. await engine.Containers.ListContainersAsync(
                new ContainersListParameters { All = true, Filters = Filter("label", $"{ComposeLabels.Project}={instance.Project}") },
                cancel
            ),
        ];

    internal async Task<IReadOnlyList<ContainerListResponse>> ContainersOfAsync(Service service, CancellationToken cancel) =>
        [.. (await ContainersAsync(cancel)).Where(container => ContainerStates.ServiceOf(container) == service.Name)];

    /// <summary>The present state of the services. Runs the health check of containers that the engine has not checked yet.</summary>
    public Task<IReadOnlyList<ServiceReport>> StatusAsync(Farm farm, CancellationToken cancel) =>
        StatusAsync(farm, new HealthProbe(engine), cancel);

    internal async Task<IReadOnlyList<ServiceReport>> StatusAsync(
        Farm farm,
        HealthProbe health,
        CancellationToken cancel,
        Func<ContainerListResponse, bool>? which = null
    )
    {
        var containers = (await ContainersAsync(cancel)).Where(which ?? (_ => true)).ToList();
        return ContainerStates.Of(farm, containers, await health.HealthyAsync(farm, containers, cancel));
    }

    /// <returns>An exception with the message and the last log lines of every service that is not healthy.</returns>
    internal async Task<OperationFailedException> FailedAsync(Farm farm, string what, CancellationToken cancel) =>
        new(await ExplainAsync(farm, what, cancel));

    private RunningContainer Running(ContainerListResponse container) =>
        new(
            ContainerStates.ServiceOf(container),
            new(
                container.Labels.TryGetValue(ComposeLabels.Digest, out var digest) ? digest : "",
                container.Image,
                [
                    .. (container.Mounts ?? [])
                        .Select(mount => mount.Source ?? "")
                        .Where(source => Path.GetDirectoryName(source) == instance.FilesFolder)
                        .Select(source => Path.GetFileName(source)!),
                ]
            ),
            ContainerStates.IsUp(container)
        );

    private static Farm Only(Farm farm, IReadOnlyList<string> services) =>
        farm with
        {
            Services = [.. farm.Services.Where(s => services.Contains(s.Name))],
            Omitted = [],
        };

    private Task SettleAsync(
        Farm farm,
        IReadOnlyList<string> services,
        IReadOnlyList<string> arguments,
        TimeSpan limit,
        CancellationToken cancel
    )
    {
        var only = Only(farm, services);
        return InTimeAsync(
            only,
            limit,
            async inTime =>
            {
                await ComposeAsync(arguments, inTime);
                await UntilSettledAsync(only, inTime);
            },
            cancel
        );
    }

    private async Task UntilSettledAsync(Farm farm, CancellationToken cancel, Func<ContainerListResponse, bool>? which = null)
    {
        var health = new HealthProbe(engine);
        using var tick = new PeriodicTimer(s_interval);
        while (!(await StatusAsync(farm, health, cancel, which)).All(service => service.IsSettled))
            await tick.WaitForNextTickAsync(cancel);
    }

    private async Task InTimeAsync(Farm farm, TimeSpan limit, Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        inTime.CancelAfter(limit);
        try
        {
            await work(inTime.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw await FailedAsync(farm, $"Not healthy after {limit.TotalSeconds:0} s.", cancel);
        }
    }

    private async Task<string> ExplainAsync(Farm farm, string what, CancellationToken cancel)
    {
        var lines = new List<string> { what };
        foreach (var status in (await StatusAsync(farm, cancel)).Where(s => !s.IsSettled && s.State is not ServiceCondition.Absent))
        {
            lines.Add(
                $"{status.Name}: {status.State.ToString().ToLowerInvariant()}"
                    + $"{(status.Detail.Length > 0 ? $", {status.Detail}" : "")}. Its last lines:"
            );
            var log = await Shell.TryReadAsync(
                "docker",
                ["compose", "--project-name", instance.Project, "logs", "--no-color", "--no-log-prefix", "--tail", "8", status.Name],
                cancel
            );
            lines.AddRange(
                (log ?? "")
                    .Replace("\u001b[2K", "", StringComparison.Ordinal)
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => "    " + line)
            );
        }

        return string.Join(Environment.NewLine, lines);
    }

    private Task ComposeAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        Shell.RunAsync("docker", ["compose", "--file", instance.ComposeFile, "--progress", "plain", .. arguments], cancel: cancel);

    private async Task RemoveVolumesAsync(CancellationToken cancel)
    {
        foreach (var volume in await VolumesAsync(cancel))
        {
            await engine.Volumes.RemoveAsync(volume.Name, force: false, cancel);
            progress.Report($"volume {volume.Name}", "removed");
        }
    }

    private void ReportLine(string line) => progress.Report("compose", line.Trim());

    private static Dictionary<string, IDictionary<string, bool>> Filter(string key, string value) =>
        new() { [key] = new Dictionary<string, bool> { [value] = true } };
}
