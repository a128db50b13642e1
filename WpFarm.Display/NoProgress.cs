using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>For commands that are done before one could look.</summary>
public sealed class NoProgress : IFarmProgress
{
    public void Begin(string step) { }

    public void Report(string subject, string state) { }

    public void Services(IReadOnlyList<ServiceReport> services) { }
}
