namespace WpFarm.Deployment.Reporting;

/// <summary>What a person watching wants to know. The terminal, or a log, decides how to show it.</summary>
public interface IFarmProgress
{
    /// <summary>A new part of the work begins, for example <c>Images</c>.</summary>
    void Begin(string step);

    /// <summary>Something changed: <paramref name="subject"/> is now <paramref name="state"/>.</summary>
    void Report(string subject, string state);

    /// <summary>The state of every service of the farm, as often as it is looked at.</summary>
    void Services(IReadOnlyList<ServiceReport> services);
}

/// <summary>How one service of the farm is.</summary>
/// <param name="State">The worst of its containers.</param>
/// <param name="Running">Containers that are healthy, or completed.</param>
/// <param name="Wanted">Containers that there should be.</param>
/// <param name="Detail">More in words: exit code, why it does not run.</param>
public sealed record ServiceReport(string Name, Layer Layer, ServiceCondition State, int Running, int Wanted, string Detail)
{
    public bool IsSettled => State is ServiceCondition.Healthy or ServiceCondition.Completed or ServiceCondition.LeftOut;
}

public enum ServiceCondition
{
    Healthy,
    Completed,
    LeftOut,
    Absent,
    Starting,
    Unhealthy,
    Failed,
}
