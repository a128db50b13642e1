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
    [InlineData("running", "healthy", "running running")]
    [InlineData("degraded", "healthy", "running exited")]
    [InlineData("degraded", "healthy", "running")]
    [InlineData("stopped", null, "exited exited")]
    [InlineData("stopped", null, "")]
    public void A_service_is_what_its_containers_are(string word, string? health, string containers) =>
        Assert.Equal(
            (word, health),
            Of(s_pool, [.. containers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(state => Container(state))])
        );

    [Fact]
    public void A_service_is_as_healthy_as_the_worst_of_its_containers() =>
        Assert.Equal(("running", "unhealthy"), Of(s_pool, [Container("running"), Container("running", health: "unhealthy")]));

    [Theory]
    [InlineData("completed", "exited", 0)]
    [InlineData("failed", "exited", 1)]
    [InlineData("degraded", "running", 0)]
    public void A_job_is_completed_when_its_container_ended_well(string word, string state, int exitCode) =>
        Assert.Equal(word, Of(s_pool with { Kind = ServiceKind.Job }, [Container(state, exitCode, health: null)]).Word);

    [Fact]
    public void Without_an_engine_the_state_is_unknown_and_why() =>
        Assert.Equal(
            new ContainerSummary("unknown", Reason: "no engine"),
            ContainerSummary.Of(s_pool, EngineSnapshot.Unknown("no engine"))
        );

    private static (string Word, string? Health) Of(Service service, IReadOnlyList<Container> containers)
    {
        var state = ContainerSummary.Of(
            service,
            new EngineSnapshot([.. containers, new Container("", "other", 1, "", "running", 0, "unhealthy", 9)])
        );
        return (state.Word, state.Health);
    }

    private static Container Container(string state, int exitCode = 0, string? health = "healthy") =>
        new("", "pool", 1, "", state, exitCode, health, 0);
}
