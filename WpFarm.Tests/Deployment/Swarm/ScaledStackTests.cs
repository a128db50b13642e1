using System.Text.RegularExpressions;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Swarm;
using WpFarm.Tests.Topology;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Swarm;

public sealed partial class ScaledStackTests
{
    private static readonly Farm s_farm = Farm.Build(
        TestFarms.Options(nodes: 3) with
        {
            Tiers = new Dictionary<string, TierOptions>
            {
                ["bronze"] = new()
                {
                    Replicas = new() { Min = 2, Max = 6 },
                    Scaling = new() { Enabled = true },
                },
                ["silver"] = new(),
            },
        }
    );

    [Theory]
    [InlineData(null, 2)]
    [InlineData(5, 5)]
    [InlineData(9, 6)]
    [InlineData(1, 2)]
    public void A_deployment_leaves_as_many_as_run_within_the_limits(int? running, int replicas) =>
        Assert.Contains($"replicas: {replicas}\n", Stack(running), StringComparison.Ordinal);

    [Fact]
    public void How_many_run_does_not_make_it_another_service() =>
        Assert.Equal(Digest().Match(Stack(2)).Value, Digest().Match(Stack(5)).Value);

    [Fact]
    public void The_Orchestrator_is_told_which_services_are_its_farms() =>
        Assert.Contains(
            $"Engine__Swarm: {TestFarms.Project}",
            SwarmManifest.Write(s_farm, WpFarm.Deployment.Swarm.Stack.Management, TestFarms.Project, Images),
            StringComparison.Ordinal
        );

    private static ImageTags Images =>
        new(
            s_farm
                .Services.Select(service => service.Image)
                .OfType<Image.FirstParty>()
                .Select(image => image.Folder)
                .Distinct()
                .ToDictionary(folder => folder, _ => "1")
        );

    /// <summary>The part of the stack that describes the pool.</summary>
    private static string Stack(int? running)
    {
        var stack = SwarmManifest.Write(
            s_farm,
            WpFarm.Deployment.Swarm.Stack.App,
            TestFarms.Project,
            Images,
            running is { } count ? new Dictionary<string, int> { ["pool-bronze"] = count } : []
        );
        var from = stack.IndexOf("  pool-bronze:", StringComparison.Ordinal);
        return stack[from..stack.IndexOf("\n  wordpress-install:", from, StringComparison.Ordinal)];
    }

    [GeneratedRegex("wpfarm.digest: .*")]
    private static partial Regex Digest();
}
