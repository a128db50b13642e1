using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>
/// Watches the farm's resources, so that none ends in silence. Reports which one ended, its last lines and the resources that wait for it,
/// on the console and in the resources' own logs, which the dashboard shows. Then starts the resource again, or ends the program.
/// </summary>
/// <param name="limit">The time within which the farm must be up.</param>
/// <param name="onceUp">Called once the farm is up; the watch continues meanwhile.</param>
internal sealed partial class FarmWatch(
    StartupMonitor course,
    FarmEnd end,
    TimeSpan limit,
    Func<CancellationToken, Task> onceUp,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<FarmWatch> logger
) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Once the application is stopping, every resource ends as intended.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var late = EndWhenLateAsync(stop.Token);
        try
        {
            await foreach (var seen in notifications.WatchAsync(stop.Token))
                if (ResourceState.Of(seen) is { } known && Ask(c => c.See(known)) is { } news)
                    await ActAsync(news, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }

        await late;
    }

    private async Task EndWhenLateAsync(CancellationToken cancel)
    {
        await Task.Delay(limit, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancel.IsCancellationRequested && Ask(c => c.TimeIsUp()) is { } news)
            await ActAsync(news, cancel);
    }

    private Task ActAsync(FarmEvent news, CancellationToken cancel) =>
        news switch
        {
            FarmEvent.Late late => ActAsync(late),
            FarmEvent.OfResource ended => ActAsync(ended, cancel),
            _ => ActUpAsync(cancel),
        };

    private Task ActUpAsync(CancellationToken cancel)
    {
        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        LogUp(seconds);
        _ = OnceUpAsync(cancel);
        return Task.CompletedTask;
    }

    private async Task OnceUpAsync(CancellationToken cancel)
    {
        try
        {
            await onceUp(cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            LogOnceUpFailed(e);
        }
    }

    private async Task ActAsync(FarmEvent.Late late)
    {
        var resources = await DescribeAsync(late);
        LogLate(limit.TotalSeconds, resources);
        var causes = late.Resources.Where(resource => resource.WaitsFor.Count == 0).Select(resource => resource.Name);
        EndProgram($"The farm is not up after {limit.TotalSeconds:0} s: {string.Join(", ", causes)}. See above.");
    }

    private async Task ActAsync(FarmEvent.OfResource ended, CancellationToken cancel)
    {
        var waiting = FarmReport.Waiting(ended);
        var lines = FarmReport.Indent(await LastLinesAsync(ended.Resource));
        TellResources(ended, waiting);
        if (ended is FarmEvent.Mentioned)
        {
            LogMentioned(ended.Resource, ended.What, waiting);
            return;
        }

        if (ended is FarmEvent.StartsAgain { Pause: var pause })
        {
            _ = StartAgainAsync(ended.Resource, pause, cancel);
            LogStartsAgain(ended.Resource, ended.What, pause.TotalSeconds, waiting, lines);
        }
        else
        {
            LogOver(ended.Resource, ended.What, waiting, lines);
            EndProgram($"{ended.Resource} {ended.What}, so the farm was stopped. See above.");
        }
    }

    private async Task StartAgainAsync(string name, TimeSpan pause, CancellationToken cancel)
    {
        await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A person may have started it meanwhile.
        if (cancel.IsCancellationRequested || !Ask(c => c.IsDown(name)))
            return;
        var started = await commands.ExecuteCommandAsync(Find(name), KnownResourceCommands.StartCommand, cancel);
        if (!started.Success && !cancel.IsCancellationRequested && Ask(c => c.StartFailed(name)) is { } news)
            await ActAsync(news, cancel);
    }

    private T Ask<T>(Func<StartupMonitor, T> question)
    {
        lock (_lock)
            return question(course);
    }

    private void EndProgram(string reason)
    {
        end.Reason ??= reason;
        lifetime.StopApplication();
    }

    /// <summary>Writes the report into the resources' logs, which the dashboard shows.</summary>
    private void TellResources(FarmEvent.OfResource ended, string waiting)
    {
        LogInResource(logs.GetLogger(Find(ended.Resource)), ended.Resource, ended.What, waiting);
        foreach (var resource in ended.Waiting)
            LogInResource(logs.GetLogger(Find(resource)), ended.Resource, ended.What, ". This resource waits for it.");
    }

    private async Task<string> DescribeAsync(FarmEvent.Late late)
    {
        var text = new List<string>();
        foreach (var resource in late.Resources.OrderBy(resource => resource.WaitsFor.Count > 0))
        {
            text.Add(FarmReport.Line(resource));
            if (resource.WaitsFor.Count == 0)
                text.AddRange(await LastLinesAsync(resource.Name));
        }

        return FarmReport.Indent(text);
    }

    private Task<IReadOnlyList<string>> LastLinesAsync(string name) => FarmReport.LastLinesAsync(logs.GetAllAsync(Find(name)));

    private IResource Find(string name) => model.Resources.Single(resource => resource.Name == name);
}

/// <summary>Why the program ends; null when a person ended it.</summary>
internal sealed class FarmEnd
{
    public string? Reason { get; set; }
}
