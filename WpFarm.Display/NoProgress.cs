using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>Shows no progress, for commands that take too short a time.</summary>
public sealed class NoProgress : IFarmProgress
{
    public void Begin(string step) { }

    public void Report(string subject, string state) { }

    public void Services(IReadOnlyList<ServiceReport> services) { }
}
