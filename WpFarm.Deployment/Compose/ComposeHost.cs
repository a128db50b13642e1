using Docker.DotNet;
using Docker.DotNet.Models;
using WpFarm.Topology;

namespace WpFarm.Deployment.Compose;

/// <summary>Runs a farm on one engine with the real <c>docker compose</c>.</summary>
public sealed class ComposeHost(DockerClient engine, FarmInstance instance, IFarmProgress progress)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Creates and starts what is not as the manifest says, then waits until every service is healthy and every job done.</summary>
    /// <param name="limit">How long all of it may take.</param>
    /// <exception cref="FarmFailedException">A job failed, or the limit passed: names the services and shows their last lines.</exception>
    public async Task Up(Farm farm, TimeSpan limit, CancellationToken cancel)
    {
        var pools = new SparePools(engine, farm, await Containers(cancel).ConfigureAwait(false));
        await pools.Remove(cancel).ConfigureAwait(false);
        await Settle(farm, ["up", "--detach", "--remove-orphans", "--quiet-pull", .. pools.Running], limit, cancel).ConfigureAwait(false);
        if (SparePools.Create(farm) is { Count: > 0 } create)
            await Compose(create, cancel).ConfigureAwait(false);
    }

    /// <summary>Starts a service's containers anew, as they are, then waits until they are healthy.</summary>
    /// <exception cref="FarmFailedException">The limit passed; shows their last lines.</exception>
    public Task Restart(Farm farm, string service, TimeSpan limit, CancellationToken cancel) => Settle(Only(farm, service), ["restart", "--no-deps", service], limit, cancel);

    /// <summary>Creates and starts one service as the manifest says, and nothing else, then waits until it is healthy.</summary>
    /// <exception cref="FarmFailedException">The limit passed; shows its last lines.</exception>
    public Task Start(Farm farm, string service, TimeSpan limit, CancellationToken cancel) => Settle(Only(farm, service), ["up", "--detach", "--no-deps", "--quiet-pull", service], limit, cancel);

    /// <summary>Stops and removes containers and networks; volumes, and so all data, only when asked.</summary>
    public async Task Down(bool volumes, CancellationToken cancel)
    {
        try
        {
            await Shell.Run("docker", ["compose", "--project-name", instance.Project, "down", "--remove-orphans"], ReportLine, cancel: cancel).ConfigureAwait(false);
        }
        finally
        {
            // Also when a network could not be removed: engine 20.10 may hold the endpoint of a container that died while it started.
            if (volumes)
                await RemoveVolumes(cancel).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<VolumeResponse>> Volumes(CancellationToken cancel)
    {
        var found = await engine.Volumes.ListAsync(new VolumesListParameters { Filters = Filter("label", $"{ComposeLabels.Farm}={instance.Project}") }, cancel).ConfigureAwait(false);
        return found.Volumes?.OrderBy(v => v.Name, StringComparer.Ordinal).ToList() ?? [];
    }

    public async Task<IReadOnlyList<ContainerListResponse>> Containers(CancellationToken cancel) =>
        [.. await engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Filter("label", $"{ComposeLabels.Project}={instance.Project}") }, cancel).ConfigureAwait(false)];

    public async Task<IReadOnlyList<ServiceStatus>> Status(Farm farm, CancellationToken cancel) =>
        ContainerStates.Of(farm, await Containers(cancel).ConfigureAwait(false));

    private static Farm Only(Farm farm, string service) => farm with { Services = [.. farm.Services.Where(s => s.Name == service)], Omitted = [] };

    private async Task Settle(Farm farm, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancel)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        inTime.CancelAfter(limit);
        var compose = Compose(arguments, inTime.Token);
        try
        {
            await WaitUntilSettled(farm, compose, inTime.Token).ConfigureAwait(false);
            await compose.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new FarmFailedException(await Explain(farm, $"The farm is not healthy after {limit.TotalSeconds:0} s.", cancel).ConfigureAwait(false));
        }
    }

    private async Task WaitUntilSettled(Farm farm, Task compose, CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(s_lookEvery);
        do
        {
            var status = await Status(farm, cancel).ConfigureAwait(false);
            progress.Services(status);
            if (compose.IsFaulted)
                throw new FarmFailedException(await Explain(farm, compose.Exception!.GetBaseException().Message, cancel).ConfigureAwait(false));
            if (compose.IsCompleted && status.All(s => s.IsSettled))
                return;
            if (compose.IsCompleted && status.Any(s => s.State is ServiceState.Failed && farm.Find(s.Name) is { IsJob: true }))
                throw new FarmFailedException(await Explain(farm, "A job failed.", cancel).ConfigureAwait(false));
        }
        while (await tick.WaitForNextTickAsync(cancel).ConfigureAwait(false));
    }

    private async Task<string> Explain(Farm farm, string what, CancellationToken cancel)
    {
        var lines = new List<string> { what };
        foreach (var status in (await Status(farm, cancel).ConfigureAwait(false)).Where(s => !s.IsSettled && s.State is not ServiceState.Absent))
        {
            lines.Add($"{status.Name}: {status.State.ToString().ToLowerInvariant()}{(status.Detail.Length > 0 ? $", {status.Detail}" : "")}. Its last lines:");
            var log = await Shell.TryRead("docker", ["compose", "--project-name", instance.Project, "logs", "--no-color", "--no-log-prefix", "--tail", "8", status.Name], cancel).ConfigureAwait(false);
            lines.AddRange((log ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "    " + line));
        }

        return string.Join(Environment.NewLine, lines);
    }

    private Task Compose(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        Shell.Run("docker", ["compose", "--file", instance.ComposeFile, "--progress", "plain", .. arguments], cancel: cancel);

    private async Task RemoveVolumes(CancellationToken cancel)
    {
        foreach (var volume in await Volumes(cancel).ConfigureAwait(false))
        {
            await engine.Volumes.RemoveAsync(volume.Name, force: false, cancel).ConfigureAwait(false);
            progress.Report($"volume {volume.Name}", "removed");
        }
    }

    private void ReportLine(string line) => progress.Report("compose", line.Trim());

    private static Dictionary<string, IDictionary<string, bool>> Filter(string key, string value) =>
        new() { [key] = new Dictionary<string, bool> { [value] = true } };
}
