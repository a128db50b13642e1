using System.Diagnostics.Metrics;

namespace WpFarm.Orchestrator.Autoscaling;

internal sealed class ScalingMetrics
{
    private readonly Counter<long> _looks;
    private readonly Counter<long> _changes;

    public ScalingMetrics(IMeterFactory meters, ScalingReports reports)
    {
        var meter = meters.Create("WpFarm.Orchestrator");
        _looks = meter.CreateCounter<long>("wpfarm.scaling.looks", "{look}", "Looks at the tiers' load, by outcome");
        _changes = meter.CreateCounter<long>(
            "wpfarm.scaling.changes",
            "{change}",
            "Changes of a tier's containers, by direction and by who decided"
        );
        Gauge("wpfarm.scaling.replicas", "{container}", "Containers of a tier that are wanted", tier => tier.Replicas);
        Gauge("wpfarm.scaling.wanted", "{container}", "Containers of a tier that the load asks for", tier => tier.Wanted);
        Gauge("wpfarm.scaling.ready", "{container}", "Containers of a tier that are healthy", tier => tier.Ready);
        Gauge("wpfarm.scaling.min", "{container}", "Containers of a tier at least", tier => tier.Min);
        Gauge("wpfarm.scaling.max", "{container}", "Containers of a tier at most", tier => tier.Max);
        Gauge("wpfarm.scaling.follows", "{tier}", "1: the tier's containers follow the load now", tier =>
            tier.Mode is ScalingMode.On ? 1 : 0
        );
        meter.CreateObservableGauge(
            "wpfarm.scaling.alert",
            () =>
                Scaled()
                    .SelectMany(tier =>
                        Enum.GetValues<ScalingAlert>()
                            .Where(alert => alert is not ScalingAlert.None)
                            .Select(alert => new Measurement<int>(
                                tier.Alert == alert ? 1 : 0,
                                Tag(tier),
                                new("alert", ApiJson.Word(alert))
                            ))
                    ),
            "{alert}",
            "What a person should look at, because no number of containers helps"
        );

        void Gauge(string name, string unit, string description, Func<TierScaling, int?> value) =>
            meter.CreateObservableGauge(
                name,
                () => Scaled().Where(tier => value(tier) is not null).Select(tier => new Measurement<int>(value(tier)!.Value, Tag(tier))),
                unit,
                description
            );

        IEnumerable<TierScaling> Scaled() => reports.Tiers.Where(tier => tier.Mode is not ScalingMode.Off);
    }

    public void Observed(bool succeeded) => _looks.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "ok" : "failed"));

    public void Changed(ScalingChange change) =>
        _changes.Add(
            1,
            new("tier", change.Tier),
            new("direction", change.To > change.From ? "up" : "down"),
            new("by", change.By is ScaledBy.Load ? "load" : "person")
        );

    private static KeyValuePair<string, object?> Tag(TierScaling tier) => new("tier", tier.Tier);
}
