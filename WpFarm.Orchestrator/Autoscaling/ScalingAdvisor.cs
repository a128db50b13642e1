using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Scaling;
using WpFarm.Topology;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>
/// Recommends, every 15 s, a size for each part of the farm that only a person can resize. It never changes one. It decides by the same
/// rules as for tiers (<see cref="Autoscaler"/>).
/// </summary>
internal sealed class ScalingAdvisor(
    Farm farm,
    LoadSignals signals,
    ScalingReports reports,
    IOptions<AutoscalingSettings> options,
    TimeProvider time
) : BackgroundService
{
    private readonly IReadOnlyList<AdvisedPart> _parts = AdvisedPart.Of(farm);
    private readonly Dictionary<string, ScalingState> _states = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_parts.Any(part => part.IsWatched))
            return;
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TickAsync(stoppingToken);
    }

    internal async Task TickAsync(CancellationToken cancel)
    {
        foreach (var part in _parts.Where(part => part.IsWatched))
        {
            var (report, state) = await RecommendAsync(part, cancel);
            _states[part.Name] = state;
            reports.Publish(report);
        }
    }

    /// <summary>The recommendations as of now, also for parts that are not watched.</summary>
    public async Task<IReadOnlyList<TierScaling>> TryAsync(CancellationToken cancel)
    {
        var found = new List<TierScaling>();
        foreach (var part in _parts)
            found.Add((await RecommendAsync(part, cancel)).Report);
        return found;
    }

    private async Task<(TierScaling Report, ScalingState State)> RecommendAsync(AdvisedPart part, CancellationToken cancel)
    {
        var report = TierScaling.Of(part) with { At = time.GetUtcNow(), Reason = null };
        var state = _states.GetValueOrDefault(part.Name, ScalingState.Initial);
        try
        {
            var seen = await part.Observe(signals, cancel);
            var decision = Autoscaler.Decide(part.Policy, state, seen, time.GetUtcNow());
            var toDo =
                decision.Replicas > seen.Replicas ? $" ({part.More})"
                : decision.Replicas < seen.Replicas ? $" ({part.Fewer})"
                : "";
            return (report.Decided(seen, decision, null) with { Reason = decision.Reason + toDo }, WithoutChange(decision.State, seen));
        }
        catch (HttpRequestException e)
        {
            return (report with { Trouble = e.Message, Alert = ScalingAlert.Blind }, state);
        }
    }

    /// <summary>
    /// Removes the scaling from the state, because a recommendation changes nothing: the next observation of the same number must count
    /// neither as a scaling by this class nor as a change by someone else.
    /// </summary>
    private static ScalingState WithoutChange(ScalingState state, TierObservation seen) =>
        state with
        {
            Wanted = seen.Replicas,
            Scalings = [],
            Trials = new Dictionary<Signal, ScaleUpTrial>(),
        };
}
