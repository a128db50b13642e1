using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Tests.Deployment.Machine;

public sealed class EngineTests
{
    [Fact]
    public async Task An_engine_that_is_too_old_is_refused_with_the_version_that_is_needed()
    {
        using var old = new FakeEngine { ApiVersion = "1.40" };
        using var client = old.Connect();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() =>
            new Engine(new Quiet()).EnsureAsync(client, "here", CancellationToken.None)
        );

        Assert.Equal("docker engine 19.03.0: is too old (API 1.40). WpFarm needs 20.10 (API 1.41) or newer.", error.Message);
    }

    [Fact]
    public async Task An_engine_elsewhere_that_does_not_answer_is_named_and_nothing_is_installed_in_its_place()
    {
        var address = $"tcp://127.0.0.1:{FakeEngine.FreePort()}";
        var root = RepositoryRoot.Find();
        var (exitCode, output) = await Integration.SharedFarm.RunAsync(
            Path.Combine(root, "farm"),
            ["up", "--name", "nowhere", "--file", Path.Combine(root, "farm.json")],
            new Dictionary<string, string> { ["DOCKER_HOST"] = address }
        );

        Assert.Equal(2, exitCode);
        Assert.Contains($"docker engine: {address} (DOCKER_HOST) does not answer.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://:2375", "status")]
    [InlineData("nonsense", "up")]
    public async Task What_is_no_address_of_an_engine_is_said_so(string address, string command)
    {
        var root = RepositoryRoot.Find();
        var (exitCode, output) = await Integration.SharedFarm.RunAsync(
            Path.Combine(root, "farm"),
            [command, "--name", "nowhere", "--file", Path.Combine(root, "farm.json")],
            new Dictionary<string, string> { ["DOCKER_HOST"] = address }
        );

        Assert.Equal(2, exitCode);
        Assert.Contains("DOCKER_HOST: ", output, StringComparison.Ordinal);
    }
}
