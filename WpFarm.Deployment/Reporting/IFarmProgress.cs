namespace WpFarm.Deployment.Reporting;

/// <summary>Receives the progress of a long operation. A terminal or a log shows it.</summary>
public interface IFarmProgress
{
    /// <summary>A new part of the work begins, for example <c>Images</c>.</summary>
    void Begin(string step);

    /// <summary>The state of <paramref name="subject"/> is now <paramref name="state"/>.</summary>
    void Report(string subject, string state);

    /// <summary>The state of every service of the farm, at each poll.</summary>
    void Services(IReadOnlyList<ServiceReport> services);
}

/// <summary>The state of one service of the farm.</summary>
/// <param name="State">The worst state among its containers.</param>
/// <param name="Running">Number of containers that are healthy or completed.</param>
/// <param name="Wanted">Number of containers that the service should have.</param>
/// <param name="Detail">Details in words: the exit code, or why the service does not run.</param>
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
