using WpFarm.Orchestrator.Engine;
using WpFarm.Topology;

namespace WpFarm.Tests.Orchestrator.Engine;

public sealed class ContainerSummaryTests
{
    private static readonly Service s_pool = new()
    {
        Name = "pool",
        Layer = Layer.Application,
        Description = "",
        Image = new Image.FirstParty("wordpress"),
        Networks = [],
        Limits = new(1, ByteSize.MB(64)),
        Replicas = Replicas.Exactly(2),
    };

    [Theory]
    [InlineData(ServiceState.Running, ServiceHealth.Healthy, "running running")]
    [InlineData(ServiceState.Degraded, ServiceHealth.Healthy, "running exited")]
    [InlineData(ServiceState.Degraded, ServiceHealth.Healthy, "running")]
    [InlineData(ServiceState.Stopped, null, "exited exited")]
    [InlineData(ServiceState.Stopped, null, "")]
    public void A_service_is_what_its_containers_are(ServiceState state, ServiceHealth? health, string containers) =>
        Assert.Equal(
            (state, health),
            Of(s_pool, [.. containers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Container(word))])
        );

    [Fact]
    public void A_service_is_as_healthy_as_the_worst_of_its_containers() =>
        Assert.Equal(
            (ServiceState.Running, ServiceHealth.Unhealthy),
            Of(s_pool, [Container("running"), Container("running", health: "unhealthy")])
        );

    [Theory]
    [InlineData(ServiceState.Completed, "exited", 0)]
    [InlineData(ServiceState.Failed, "exited", 1)]
    [InlineData(ServiceState.Degraded, "running", 0)]
    public void A_job_is_completed_when_its_container_ended_well(ServiceState state, string word, int exitCode) =>
        Assert.Equal(state, Of(s_pool with { Kind = ServiceKind.Job }, [Container(word, exitCode, health: null)]).State);

    [Fact]
    public void Without_an_engine_the_state_is_unknown_and_why() =>
        Assert.Equal(
            new ContainerSummary(ServiceState.Unknown, Reason: "no engine"),
            ContainerSummary.Of(s_pool, EngineSnapshot.Unknown("no engine"))
        );

    private static (ServiceState State, ServiceHealth? Health) Of(Service service, IReadOnlyList<Container> containers)
    {
        var state = ContainerSummary.Of(
            service,
            new EngineSnapshot([.. containers, new Container("", "other", 1, "", "running", 0, "unhealthy", 9)])
        );
        return (state.State, state.Health);
    }

    private static Container Container(string state, int exitCode = 0, string? health = "healthy") =>
        new("", "pool", 1, "", state, exitCode, health, 0);
}
