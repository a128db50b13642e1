using WpFarm.Deployment.Reporting;

namespace WpFarm.Tests.Deployment.Machine;

/// <summary>Ignores all progress.</summary>
internal sealed class Quiet : IFarmProgress
{
    public void Begin(string step) { }

    public void Report(string subject, string state) { }

    public void Services(IReadOnlyList<ServiceReport> services) { }
}
