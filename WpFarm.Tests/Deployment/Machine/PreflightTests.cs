using System.Net;
using System.Net.Sockets;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Machine;

public sealed class PreflightTests
{
    private static readonly FarmInstance s_instance = new(Path.GetTempPath(), "preflight");

    [Fact]
    public async Task A_port_in_use_a_volume_with_other_secrets_and_a_full_disk_are_all_said_at_once()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var engine = new FakeEngine
        {
            RootFolder = "/proc", // No space is ever free there.
            Volumes =
            [
                new { Name = "wpfarm-preflight_mariadb-p1", Labels = new Dictionary<string, string> { [ComposeLabels.Secrets] = "other" } },
            ],
        };

        var problems = await CheckAsync(engine, new FarmOptions { Edge = new() { HttpPort = port } });

        Assert.Contains(problems, problem => problem.StartsWith($"farm.json: edge.httpPort: port {port} (", StringComparison.Ordinal));
        Assert.Contains(problems, problem =>
            problem.StartsWith(
                "volume wpfarm-preflight_mariadb-p1: its data belongs to a farm with other secrets",
                StringComparison.Ordinal
            )
        );
        Assert.Contains(problems, problem => problem.StartsWith("/proc: 0 MB are free;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_stands_in_the_way_of_free_ports_room_on_the_disk_and_volumes_of_this_farm()
    {
        using var engine = new FakeEngine
        {
            Volumes =
            [
                new { Name = "wpfarm-preflight_mariadb-p1", Labels = new Dictionary<string, string> { [ComposeLabels.Secrets] = "ours" } },
            ],
        };
        var farm = new FarmOptions { Edge = new() { HttpPort = FakeEngine.FreePort() } };

        Assert.DoesNotContain(await CheckAsync(engine, farm), problem =>
            problem.Contains("edge.httpPort", StringComparison.Ordinal)
            || problem.Contains("volume", StringComparison.Ordinal)
            || problem.Contains("MB are free", StringComparison.Ordinal)
        );
    }

    private static async Task<IReadOnlyList<string>> CheckAsync(FakeEngine engine, FarmOptions options)
    {
        using var client = engine.Connect();
        return await Preflight.CheckAsync(
            client,
            new ComposeHost(client, s_instance, new Quiet()),
            Farm.Build(options),
            "ours",
            s_instance,
            CancellationToken.None
        );
    }
}
