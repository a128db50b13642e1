using WpFarm.Chaos.Database;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Deployment.Machine;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>Runs every scenario of <c>./farm chaos database</c> while rows are written.</summary>
[Integration(Stage.Breaks)]
[Collection(SharedFarm.Collection)]
public sealed class FailoverTests(SharedFarm farm)
{
    /// <summary>One scenario of each kind, for the gate.</summary>
    private static readonly string[] s_kinds = ["kill", "hang", "cut-writer", "kill-both", "relay-only", "lose-volume", "switchover"];

    public static TheoryData<string> Kinds => [.. s_kinds];

    public static TheoryData<string> Others => [.. DatabaseChaos.Scenarios.Select(scenario => scenario.Name).Except(s_kinds)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task No_answered_write_is_lost_no_two_servers_answer_and_all_are_the_same_again_after(string scenario) => PlaysAsync(scenario);

    [Theory]
    [Long]
    [MemberData(nameof(Others))]
    public Task Nor_is_one_after(string scenario) => PlaysAsync(scenario);

    [Fact]
    public async Task A_switchover_to_a_server_that_is_none_is_refused_with_the_names_of_those_that_are()
    {
        var (exitCode, output) = await SharedFarm.RunFarmAsync(
            "db",
            "switchover",
            "--to",
            "mariadb-p9",
            "--name",
            SharedFarm.Name,
            "--file",
            Path.Combine(RepositoryRoot.Find(), "farm.json")
        );

        Assert.Equal(2, exitCode);
        Assert.Contains(
            "mariadb-p9: is no database server of this farm. They are mariadb-p1, mariadb-p2, mariadb-r1, mariadb-r2.",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_replica_cannot_become_the_writer()
    {
        var (exitCode, output) = await SharedFarm.RunFarmAsync(
            "db",
            "switchover",
            "--to",
            "mariadb-r1",
            "--name",
            SharedFarm.Name,
            "--file",
            Path.Combine(RepositoryRoot.Find(), "farm.json")
        );

        Assert.Equal(1, exitCode);
        Assert.Contains("mariadb-r1 is not another primary", output, StringComparison.Ordinal);
    }

    private async Task PlaysAsync(string scenario)
    {
        var result = await new DatabaseChaos(farm.Farm, farm.Instance, new Quiet()).RunAsync(
            scenario,
            TestContext.Current.CancellationToken
        );

        Assert.Empty(result.Failures);
        Assert.True(result.Answered > 100, $"only {result.Answered} writes were answered at all");
        Assert.True(result.Outage < TimeSpan.FromSeconds(60), $"no write was answered for {result.Outage.TotalSeconds:0.0} s");
    }
}
