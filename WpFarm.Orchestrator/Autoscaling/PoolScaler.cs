using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;
using WpFarm.Scaling;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>
/// Scales the tiers with their load. Every 15 s it observes, decides (<see cref="Autoscaler"/>) and acts. It starts each time from what the
/// engine reports, so it may be stopped and started at any point. While it is down, the number of containers does not change.
/// </summary>
internal sealed partial class PoolScaler(
    Farm farm,
    IPoolHost host,
    LoadSignals signals,
    IScalingLeaderLock leaderLock,
    DatabaseState database,
    ScalingReports reports,
    ScalingMetrics metrics,
    IOptions<AutoscalingSettings> options,
    TimeProvider time,
    ILogger<PoolScaler> logger
) : BackgroundService
{
    /// <summary>Makes decisions and operators' orders run one after the other.</summary>
    private readonly SemaphoreSlim _one = new(1);

    private readonly Dictionary<string, ScalingState> _states = [];
    private readonly Dictionary<string, string> _logged = [];

    private IEnumerable<KeyValuePair<string, TierOptions>> Scaled => farm.Tiers.Where(tier => tier.Value.Scaling.Enabled);

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!Scaled.Any())
            return;
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TickAsync(stoppingToken);
    }

    internal async Task TickAsync(CancellationToken cancel)
    {
        foreach (var (tier, settings) in Scaled)
            await ExclusivelyAsync(() => ScaleAsync(tier, settings, cancel), cancel);
    }

    /// <summary>The decisions as of now for every tier, also for those without autoscaling. Nothing changes.</summary>
    public async Task<IReadOnlyList<TierScaling>> TryAsync(CancellationToken cancel)
    {
        var reports = new List<TierScaling>();
        foreach (var (tier, settings) in farm.Tiers)
            await ExclusivelyAsync(async () => reports.Add(await TryAsync(tier, settings, cancel)), cancel);
        return reports;
    }

    /// <summary>Carries out an operator's order. Autoscaling continues from the new number.</summary>
    /// <param name="dryRun">When true, only reports what would change.</param>
    /// <exception cref="RefusedException">The order cannot be carried out now. The message says why.</exception>
    /// <exception cref="HttpRequestException">The engine refused, or does not answer.</exception>
    public async Task<ScalingChange> SetAsync(string tier, int replicas, bool dryRun, CancellationToken cancel)
    {
        ScalingChange? change = null;
        await ExclusivelyAsync(async () => change = await SetReplicasAsync(tier, replicas, dryRun, cancel), cancel);
        return change!;
    }

    /// <summary>Returns once every earlier decision has been carried out.</summary>
    public Task SettleAsync(CancellationToken cancel) => ExclusivelyAsync(() => Task.CompletedTask, cancel);

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await work();
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ScalingChange> SetReplicasAsync(string tier, int replicas, bool dryRun, CancellationToken cancel)
    {
        if (HoldOf(tier) is HoldReason.Deployment or HoldReason.Failover)
            throw new RefusedException(HoldOf(tier) is HoldReason.Deployment ? "a deployment is running" : "the database is failing over");
        if (await leaderLock.TryAcquireAsync(cancel) is { Reason: { } other })
            throw new RefusedException(other);
        var pool = farm.PoolOf(tier).Name;
        var count = await host.CountAsync(pool, cancel);
        if (count.IsUpdating)
            throw new RefusedException("its containers are being replaced");
        if (replicas > count.Capacity)
            throw new RefusedException(
                $"{pool} has room for {count.Capacity} containers, not {replicas}. Raise replicas.max and run ./farm up; "
                    + "on a swarm, add a node."
            );
        var change = new ScalingChange(
            time.GetUtcNow(),
            tier,
            count.Replicas,
            replicas,
            ScaledBy.Person,
            $"{count.Replicas} → {replicas}: ordered by a person",
            null
        );
        if (!dryRun && replicas != count.Replicas)
            await ActAsync(change, cancel);
        return change;
    }

    private async Task<TierScaling> TryAsync(string tier, TierOptions settings, CancellationToken cancel)
    {
        var report = Report(tier, settings, HoldOf(tier));
        try
        {
            var (seen, trouble) = await ObserveAsync(tier, settings, cancel);
            return report.Decided(seen, Decide(tier, settings, seen), trouble);
        }
        catch (HttpRequestException e)
        {
            return report with { Trouble = e.Message };
        }
    }

    private async Task ScaleAsync(string tier, TierOptions settings, CancellationToken cancel)
    {
        var hold = HoldOf(tier);
        var report = Report(tier, settings, hold);
        try
        {
            if (hold is HoldReason.None && await leaderLock.TryAcquireAsync(cancel) is { Reason: { } other })
            {
                _states.Remove(tier);
                report = report with { Mode = ScalingMode.Waiting, Trouble = other };
                metrics.Observed(succeeded: true);
                return;
            }

            if (hold is HoldReason.None)
                await host.DrainUnhealthyAsync(farm.PoolOf(tier).Name, cancel);
            var (seen, trouble) = await ObserveAsync(tier, settings, cancel);
            if (hold is HoldReason.None && seen.Hold is not HoldReason.None)
                report = report with { Mode = ScalingMode.Held };
            hold = hold is HoldReason.None ? seen.Hold : hold;
            var decision = Decide(tier, settings, seen with { Hold = hold });
            _states[tier] = decision.State;
            report = report.Decided(seen, decision, trouble);
            if (decision.IsBlind)
                report = report with { Mode = ScalingMode.Blind };
            if (decision.Replicas != seen.Replicas)
                await ActAsync(
                    new ScalingChange(time.GetUtcNow(), tier, seen.Replicas, decision.Replicas, ScaledBy.Load, decision.Reason, null),
                    cancel
                );
            metrics.Observed(succeeded: trouble is null);
        }
        catch (HttpRequestException e)
        {
            report = report with { Trouble = e.Message };
            metrics.Observed(succeeded: false);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            report = report with { Trouble = e.Message };
            metrics.Observed(succeeded: false);
            LogFailed(tier, e);
        }
        finally
        {
            reports.Publish(report);
            LogNew(report);
        }
    }

    private async Task ActAsync(ScalingChange change, CancellationToken cancel)
    {
        try
        {
            await host.SetAsync(farm.PoolOf(change.Tier).Name, change.To, cancel);
        }
        catch (HttpRequestException e)
        {
            change = change with { Failure = e.Message };
            throw;
        }
        finally
        {
            reports.Publish(change);
            metrics.Changed(change);
            LogChanged(change.Tier, change.Reason, change.Failure ?? "done");
        }
    }

    /// <returns>The observation, and why its signals are unknown. The reason is null when they are known.</returns>
    private async Task<(TierObservation Seen, string? Trouble)> ObserveAsync(string tier, TierOptions settings, CancellationToken cancel)
    {
        var pool = farm.PoolOf(tier);
        var count = await host.CountAsync(pool.Name, cancel);
        var seen = new TierObservation
        {
            Replicas = count.Replicas,
            Ready = count.Ready,
            Capacity = count.Capacity,
            Hold = count.IsUpdating ? HoldReason.Deployment : HoldReason.None,
        };
        try
        {
            return (seen with { Signals = await signals.OfAsync(pool, settings.Workers, count.Ready, cancel) }, null);
        }
        catch (HttpRequestException e)
        {
            return (seen, e.Message);
        }
    }

    private HoldReason HoldOf(string tier)
    {
        var (known, seen) = (database.Current.Known, database.Current);
        return known.ScalingHeldUntil > time.GetUtcNow() ? HoldReason.Deployment
            : seen.Writer is null
            || known.SilentSince is not null
            || known.Restoring is not null
            || database.Promotions is [{ Ended: null }, ..]
                ? HoldReason.Failover
            : known.ScalingPaused.Contains(tier) ? HoldReason.Paused
            : HoldReason.None;
    }

    private TierScaling Report(string tier, TierOptions settings, HoldReason hold)
    {
        var now = time.GetUtcNow();
        var mode = !settings.Scaling.Enabled
            ? ScalingMode.Off
            : hold switch
            {
                HoldReason.None => ScalingMode.On,
                HoldReason.Paused => ScalingMode.Paused,
                _ => ScalingMode.Held,
            };
        var limits = TierPolicy.Of(settings).LimitsAt(now).Limits;
        return new TierScaling(tier, mode, limits.Min, limits.Max) { At = now };
    }

    private Decision Decide(string tier, TierOptions settings, TierObservation seen) =>
        Autoscaler.Decide(TierPolicy.Of(settings), _states.GetValueOrDefault(tier, ScalingState.Initial), seen, time.GetUtcNow());

    /// <summary>Logs a problem once, not each time it occurs again.</summary>
    private void LogNew(TierScaling report)
    {
        var trouble = report.Trouble ?? "";
        if (trouble.Length > 0 && trouble != _logged.GetValueOrDefault(report.Tier))
            LogTrouble(report.Tier, trouble);
        _logged[report.Tier] = trouble;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tier {Tier}: {Reason} ({Outcome})")]
    private partial void LogChanged(string tier, string reason, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tier {Tier}: {Trouble}")]
    private partial void LogTrouble(string tier, string trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tier {Tier} could not be looked at")]
    private partial void LogFailed(string tier, Exception exception);
}
