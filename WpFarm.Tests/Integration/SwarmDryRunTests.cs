using System.Text.Json;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>The output of <c>./farm deploy --dry-run</c> for a swarm without the farm; the swarm is not changed.</summary>
[Collection(SwarmCollection.Name)]
[Integration(Stage.Reads)]
public sealed class SwarmDryRunTests(TestSwarm swarm)
{
    [Fact]
    public async Task Nodes_without_labels_are_refused_with_the_command_that_labels_them_and_a_dry_run_tells_all_that_would_be_made()
    {
        await File.WriteAllTextAsync(
            swarm.FarmFile,
            JsonSerializer.Serialize(
                new
                {
                    registry = $"{swarm.Registry}/wpfarm",
                    swarm = new { nodes = 3 },
                    storage = new { uploads = "path", uploadsPath = "/mnt/uploads" },
                }
            )
        );

        var (exitCode, complaint) = await swarm.DeployAsync();
        Assert.Equal(2, exitCode);
        foreach (var volume in new[] { "mariadb-p1", "mariadb-p2", "redis-1", "object-storage" })
            Assert.Contains($"docker node update --label-add wpfarm.volume.{volume}=true", complaint, StringComparison.Ordinal);

        var plan = await SharedFarm.SucceedsAsync(swarm.DeployAsync("--dry-run"));
        foreach (var service in new[] { "data_mariadb-p1", "management_orchestrator", "app_pool-bronze", "edge_haproxy" })
            Assert.Contains($"create wpfarm-{TestSwarm.Name}-{service}", plan, StringComparison.Ordinal);
        Assert.Contains("0 services unchanged, on 3 nodes", plan, StringComparison.Ordinal);

        foreach (var kind in new[] { "service", "secret", "config" })
            Assert.Empty(await swarm.DockerAsync(kind, "ls", "--quiet"));
        Assert.DoesNotContain(
            "wpfarm.volume",
            await swarm.DockerAsync("node", "inspect", "--format", "{{.Spec.Labels}}", "node1", "node2", "node3"),
            StringComparison.Ordinal
        );
    }
}
