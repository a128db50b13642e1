using Docker.DotNet.Models;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Reporting;
using WpFarm.Tests.Topology;

namespace WpFarm.Tests.Deployment.Compose;

public sealed class ContainerStatesTests
{
    private const string Pool = "pool-bronze";

    [Theory]
    [InlineData(ServiceCondition.Healthy, 2, 2, "running running created created exited")]
    [InlineData(ServiceCondition.Healthy, 3, 3, "running running running")]
    [InlineData(ServiceCondition.Starting, 2, 3, "running running starting created")]
    [InlineData(ServiceCondition.Failed, 1, 2, "running exited")]
    [InlineData(ServiceCondition.Absent, 1, 2, "running")]
    public void Of_a_pool_that_follows_the_load_those_that_wait_do_not_count(
        ServiceCondition state,
        int good,
        int wanted,
        string containers
    )
    {
        var status = Of(followsLoad: true, containers);

        Assert.Equal((state, good, wanted), (status.State, status.Running, status.Wanted));
    }

    [Fact]
    public void Of_any_other_each_counts() =>
        Assert.Equal(
            (ServiceCondition.Starting, 3),
            (Of(followsLoad: false, "running running created").State, Of(followsLoad: false, "running running created").Wanted)
        );

    [Fact]
    public void What_ends_and_is_started_again_and_again_is_not_well_and_says_so()
    {
        var status = Of(followsLoad: false, "running restarting");

        Assert.Equal((ServiceCondition.Unhealthy, "Restarting (1) 3 seconds ago"), (status.State, status.Detail));
    }

    private static ServiceReport Of(bool followsLoad, string containers)
    {
        var farm = TestFarms.OneBox with
        {
            Services = [TestFarms.OneBox.Services.Single(service => service.Name == Pool) with { FollowsLoad = followsLoad }],
            Omitted = [],
        };
        return ContainerStates.Of(farm, [.. containers.Split(' ').Select(Container)]).Single();
    }

    private static ContainerListResponse Container(string state) =>
        new()
        {
            Labels = new Dictionary<string, string> { [ComposeLabels.Service] = Pool },
            State = state is "starting" ? "running" : state,
            Status = state switch
            {
                "running" => "Up 2 minutes (healthy)",
                "starting" => "Up 2 seconds (health: starting)",
                "exited" => "Exited (0) 3 minutes ago",
                "restarting" => "Restarting (1) 3 seconds ago",
                _ => "Created",
            },
        };
}
