using System.Globalization;
using System.Net;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Tests.Integration;

[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class DatabaseTests(SharedFarm farm)
{
    private const string Gtid = "SELECT @@global.gtid_slave_pos, @@global.gtid_binlog_pos, @@global.read_only";

    [Fact]
    public async Task All_servers_reach_the_same_GTID_and_exactly_one_is_writable()
    {
        await SharedFarm.EventuallyAsync("all four servers are at one GTID", async () =>
        {
            var servers = await Task.WhenAll(Servers().Select(AskAsync));
            return servers.Length == 4 && servers.Select(s => s.Position).Distinct().Count() == 1 && servers.Count(s => !s.ReadOnly) == 1;
        });
    }

    [Fact]
    public async Task A_row_written_through_the_writer_is_read_through_the_reader()
    {
        using var author = await WordPressUser.LogInAsync(farm, farm.Blog);
        var title = $"Replicated {Guid.NewGuid():N}";
        await author.PublishAsync(title);

        foreach (var server in Servers())
        {
            var container = (await farm.ContainersAsync(server))[0];
            await SharedFarm.EventuallyAsync($"the post is on {server}", async () =>
                await SqlAsync(
                    container,
                    $"SELECT COUNT(*) FROM {farm.Blog.Database}.wp_posts WHERE post_title = '{title}' AND post_type = 'post'"
                ) == "1"
            );
        }
    }

    /// <summary>The question is ProxySQL's, as its user: monitor_replication_lag_use_percona_heartbeat.</summary>
    [Fact]
    public async Task Each_server_tells_ProxySQL_what_its_role_check_says_of_its_lag()
    {
        const string Lag =
            "SELECT MAX(ROUND(TIMESTAMPDIFF(MICROSECOND, ts, SYSDATE(6))/1000000)) AS Seconds_Behind_Master FROM wpfarm.reader_lag";
        foreach (var server in Servers())
        {
            var container = (await farm.ContainersAsync(server))[0];
            // One that is just being copied is not read from.
            await SharedFarm.EventuallyAsync($"{server} may be read from", async () =>
                (await SharedFarm.RunAsync("docker", ["exec", container, "role-check", "/reader"])).ExitCode == 0
            );

            var seconds = await SharedFarm.DockerAsync(
                "exec",
                container,
                "sh",
                "-c",
                $"mariadb --host 127.0.0.1 --user monitor --password=\"$(cat /run/secrets/{Secret.Monitor})\" -BN --execute '{Lag}'"
            );

            Assert.InRange(int.Parse(seconds, CultureInfo.InvariantCulture), 0, DatabaseServers.MostLag);
        }
    }

    [Fact]
    public async Task The_Orchestrator_tells_who_writes_only_to_who_has_the_token()
    {
        Assert.StartsWith("mariadb-p", await farm.WriterAsync(), StringComparison.Ordinal);

        using var orchestrator = farm.Orchestrator();
        orchestrator.DefaultRequestHeaders.Authorization = null;
        foreach (var route in new ApiRoute[] { FarmRoutes.Status, FarmRoutes.Services, DatabaseRoutes.Status })
        {
            using var answer = await orchestrator.GetAsync(new Uri(route.Path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_Orchestrator_knows_every_service_and_its_state()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        var names = (await orchestrator.SendAsync(FarmRoutes.Services, CancellationToken.None)).Select(service => service.Name);
        Assert.Equal(
            farm.Farm.Services.Concat(farm.Farm.Omitted.Select(o => o.Service)).Select(s => s.Name).Order(StringComparer.Ordinal),
            names.Order(StringComparer.Ordinal)
        );
    }

    private IEnumerable<string> Servers() => farm.ReplicatedServers;

    private async Task<(string Position, bool ReadOnly)> AskAsync(string server)
    {
        var answer = (await SqlAsync((await farm.ContainersAsync(server))[0], Gtid)).Split('\t');
        return (string.Join(',', answer[1].Split(',').Order(StringComparer.Ordinal)), answer[2] == "1");
    }

    private static Task<string> SqlAsync(string container, string query) =>
        SharedFarm.DockerAsync("exec", container, "mariadb", "--skip-column-names", "--batch", "--execute", query);
}
