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
/// Runs a farm on one engine with the real <c>docker compose</c>, which makes containers, networks and volumes. Which containers are replaced, and
/// when each starts, is decided here: compose would replace all at once, and start nobody before the engine's first look at whom it waits for.
/// </summary>
public sealed partial class ComposeHost(DockerClient engine, FarmInstance instance, IFarmProgress progress)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes what runs be as the manifest says, while visitors come, then starts what does not run, and waits until every service is healthy and every job done.</summary>
    /// <param name="wanted">What each service is to be.</param>
    /// <param name="limit">How long the start may take.</param>
    /// <exception cref="OperationFailedException">A job failed, a change did not succeed, or the limit passed: names the services and shows their last lines.</exception>
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
            LiveFiles.Take(service, instance.Folder);
    }

    /// <summary>
    /// Compose makes the container that replaces another under that one's id and name, and renames it when the other is gone. One that bears such a name
    /// has never run: somebody broke its <c>up</c> off. The next compose would remove it, and at the same time make another of that name.
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

    /// <summary>What <see cref="UpAsync"/> would change of what runs. Changes nothing.</summary>
    public async Task<IReadOnlyList<PlannedChange>> PlanAsync(
        Farm farm,
        IReadOnlyDictionary<string, ServiceVersion> wanted,
        CancellationToken cancel
    ) => ChangePlan.Of(farm, wanted, [.. (await ContainersAsync(cancel)).Select(Seen)], LiveFiles.NotTaken(farm, instance.Folder));

    /// <summary>Starts a service's containers anew, as they are, then waits until they are healthy.</summary>
    /// <exception cref="OperationFailedException">The limit passed; shows their last lines.</exception>
    public Task RestartAsync(Farm farm, string service, TimeSpan limit, CancellationToken cancel) =>
        SettleAsync(farm, [service], ["restart", "--no-deps", service], limit, cancel);

    /// <summary>Creates and starts one service as the manifest says, and nothing else, then waits until it is healthy.</summary>
    /// <exception cref="OperationFailedException">The limit passed; shows its last lines.</exception>
    public Task StartAsync(Farm farm, string service, TimeSpan limit, CancellationToken cancel) =>
        ReplaceAsync(farm, [service], limit, cancel);

    /// <summary>Makes services be as the manifest says, all at once: what is another stops, and a new one starts. Then waits until they are healthy.</summary>
    /// <param name="stopSeconds">For a stop; null: as each service needs.</param>
    internal Task ReplaceAsync(Farm farm, IReadOnlyList<string> services, TimeSpan limit, CancellationToken cancel, int? stopSeconds = null)
    {
        string[] stop = stopSeconds is { } seconds ? ["--timeout", $"{seconds}"] : [];
        return SettleAsync(farm, services, ["up", "--detach", "--no-deps", "--quiet-pull", .. stop, .. services], limit, cancel);
    }

    /// <summary>Adds a container to those that a service has, which go on as they are, and waits until it is healthy. One that does not get so is removed.</summary>
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

    /// <summary>Stops and removes containers and networks; volumes, and so all data, only when asked.</summary>
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
            // Engine 20.10 may go on counting the endpoint of a container that died while it started. The network is empty, and serves the next start.
            if ((await ContainersAsync(cancel)).Count > 0 || await NetworksAsync(cancel) is not { Count: > 0 } left)
                throw;
            progress.Report(
                "networks",
                $"PROBLEM: the engine keeps {string.Join(", ", left.Select(network => network.Name))} until it is restarted. The next ./farm up uses them."
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

    /// <summary>How the services are now: of those that the engine has not looked at yet, their own checks are asked.</summary>
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
        return ContainerStates.Of(farm, containers, await health.LookAsync(farm, containers, cancel));
    }

    /// <exception cref="OperationFailedException">Always: what, and the last lines of what is not well.</exception>
    internal async Task<OperationFailedException> FailedAsync(Farm farm, string what, CancellationToken cancel) =>
        new(await ExplainAsync(farm, what, cancel));

    private RunningContainer Seen(ContainerListResponse container) =>
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
        using var tick = new PeriodicTimer(s_lookEvery);
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
                $"{status.Name}: {status.State.ToString().ToLowerInvariant()}{(status.Detail.Length > 0 ? $", {status.Detail}" : "")}. Its last lines:"
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
