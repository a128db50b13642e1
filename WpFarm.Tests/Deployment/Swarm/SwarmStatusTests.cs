using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Swarm;

public sealed class SwarmStatusTests
{
    private static readonly Farm s_farm = Farm.Build(new FarmOptions());
    private static readonly SwarmService s_pool = new("wpfarm-prod-app_pool-silver", "digest", Wanted: 2, Update: null, Uses: []);

    [Fact]
    public void All_that_are_wanted_run_so_it_is_healthy() =>
        Assert.Equal((ServiceCondition.Healthy, 2, 2, ""), Of("pool-silver", s_pool, Task("Running"), Task("Running")));

    [Fact]
    public void One_that_does_not_start_is_said_with_the_swarms_reason() =>
        Assert.Equal(
            (ServiceCondition.Starting, 1, 2, "1/2, no suitable node"),
            Of("pool-silver", s_pool, Task("Running"), Task("Pending", "\"no suitable node\""))
        );

    [Fact]
    public void A_job_that_has_ended_well_is_completed() =>
        Assert.Equal((ServiceCondition.Completed, 1, 1, ""), Of("wordpress-install", s_pool, Task("Complete")));

    [Fact]
    public void What_is_built_here_and_is_not_in_the_swarm_is_missing_and_what_is_not_may_have_been_left_out()
    {
        Assert.Equal(ServiceCondition.Absent, Of("pool-silver", null).State);
        Assert.Equal(ServiceCondition.LeftOut, Of("traefik", null).State);
    }

    private static (ServiceCondition State, int Running, int Wanted, string Detail) Of(
        string service,
        SwarmService? there,
        params SwarmTask[] tasks
    ) =>
        SwarmStatus.Of(s_farm.Find(service)!, there, tasks) is var status
            ? (status.State, status.Running, status.Wanted, status.Detail)
            : default;

    private static SwarmTask Task(string state, string error = "") => new(s_pool.Name, "Running", state, error, "node1");
}
