using WpFarm.Deployment;

namespace WpFarm.Tests.Machine;

/// <summary>Nobody watches.</summary>
internal sealed class Quiet : IFarmProgress
{
    public void Begin(string step)
    {
    }

    public void Report(string subject, string state)
    {
    }

    public void Services(IReadOnlyList<ServiceStatus> services)
    {
    }
}
