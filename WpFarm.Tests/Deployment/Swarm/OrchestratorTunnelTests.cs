using WpFarm.Deployment.Swarm;

namespace WpFarm.Tests.Deployment.Swarm;

public sealed class OrchestratorTunnelTests
{
    [Theory]
    [InlineData("ssh://admin@10.0.0.1", "ssh://admin@10.0.0.3")]
    [InlineData("ssh://admin@manager.example.com:2222", "ssh://admin@10.0.0.3:2222")]
    [InlineData("tcp://10.0.0.1:2376", "tcp://10.0.0.3:2376")]
    [InlineData("unix:///var/run/docker.sock", null)]
    [InlineData("", null)]
    public void Another_managers_engine_is_reached_as_the_known_one_is(string known, string? other) =>
        Assert.Equal(other, OrchestratorTunnel.EndpointOf(known, "10.0.0.3"));
}
