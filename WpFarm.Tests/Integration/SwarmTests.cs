using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>
/// The published stacks on a real swarm of three nodes, each an engine in a container of this machine, with a registry of their own.
/// One test, because each part continues with the swarm as the previous part left it.
/// </summary>
[Long]
[Collection(SwarmCollection.Name)]
[Integration(Stage.Destroys)]
public sealed class SwarmTests(TestSwarm swarm)
{
    private const int Port = 8080;

    [Fact]
    public async Task A_swarm_of_three_nodes_runs_the_farm_rolls_changes_and_survives_a_lost_node()
    {
        try
        {
            await LiveAsync();
        }
        catch
        {
            await DescribeAsync();
            throw;
        }
    }

    /// <summary>A swarm ignores <c>security_opt</c>, so the images see to it.</summary>
    private async Task CannotGainPrivilegesAsync()
    {
        var looked = 0;
        foreach (var address in swarm.Addresses)
        {
            var node = new Dictionary<string, string> { ["DOCKER_HOST"] = $"tcp://{address}:2375" };
            var ids = await SharedFarm.SucceedsAsync(SharedFarm.RunAsync("docker", ["ps", "--quiet"], node));
            foreach (var id in ids.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                // A job's container may end in between.
                var (exitCode, status) = await SharedFarm.RunAsync("docker", ["exec", id, "cat", "/proc/1/status"], node);
                Assert.True(exitCode != 0 || ContainerStatus.Parse(status).NoNewPrivileges, $"{id} at {address} can gain privileges");
                looked += exitCode == 0 ? 1 : 0;
            }
        }

        Assert.True(looked >= 20, $"only {looked} containers were looked at");
    }

    /// <summary>Prometheus has no port on any node.</summary>
    private async Task OpensThroughATunnelAsync()
    {
        foreach (var address in swarm.Addresses)
        {
            using var visitor = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => visitor.ConnectAsync(address, 9090));
        }

        using var tunnel = swarm.Start("open", "prometheus", "--port", "0", "--no-browser");
        try
        {
            var page = new Uri((await tunnel.StandardOutput.ReadLineAsync())!);
            using var browser = new HttpClient();
            Assert.Contains("Prometheus", await browser.GetStringAsync(new Uri(page, "/-/ready")), StringComparison.Ordinal);
            Assert.Contains("<title>", await browser.GetStringAsync(page), StringComparison.Ordinal);
        }
        finally
        {
            tunnel.Kill(entireProcessTree: true);
            await tunnel.WaitForExitAsync();
        }
    }

    private async Task LiveAsync()
    {
        await WriteFarmFileAsync(graceHours: 24, scaleAbove: 95);

        await SharedFarm.SucceedsAsync(swarm.DeployAsync("--label"));
        foreach (var address in swarm.Addresses)
            await SharedFarm.EventuallyAsync($"{address} answers", () => AnswersAsync(address, orNot: true));
        Assert.NotEqual(await NodeOfAsync("data_mariadb-p1"), await NodeOfAsync("data_mariadb-p2"));
        await ToldAsync("status");
        await CannotGainPrivilegesAsync();
        await OpensThroughATunnelAsync();
        await SharedFarm.EventuallyAsync("it can be recovered", async () =>
            (await swarm.FarmAsync("backup", "status")).Output.Contains("recoverable up to", StringComparison.Ordinal)
        );
        Assert.Contains("configuration", await SharedFarm.SucceedsAsync(swarm.FarmAsync("backup", "list")), StringComparison.Ordinal);
        Assert.True(
            await swarm.FarmAsync("db", "add-replica") is (2, var advice)
                && advice.Contains("runs on the swarm of this engine. To change it, edit farm.json", StringComparison.Ordinal)
        );

        // A repeated deployment changes nothing.
        Assert.Contains(
            "services unchanged",
            await SharedFarm.SucceedsAsync(swarm.DeployAsync("--no-build", "--dry-run")),
            StringComparison.Ordinal
        );
        var before = await TasksAsync();
        await SharedFarm.SucceedsAsync(swarm.DeployAsync("--no-build"));
        Assert.Equal(before, await TasksAsync());

        // A changed configuration: only the services that mount it are updated (the Orchestrator has all of farm.json), and its old version
        // can be removed.
        await WriteFarmFileAsync(graceHours: 25, scaleAbove: 10);
        string[] affected =
        [
            "wpfarm-swarm-test-app_pool-bronze",
            "wpfarm-swarm-test-app_pool-silver",
            "wpfarm-swarm-test-app_wordpress-install",
            "wpfarm-swarm-test-app_wordpress-scratch",
            "wpfarm-swarm-test-data_varnish",
            "wpfarm-swarm-test-management_orchestrator",
        ];
        var announced = (await SharedFarm.SucceedsAsync(swarm.DeployAsync("--no-build", "--dry-run")))
            .Split('\n')
            .Where(line => line.StartsWith("update ", StringComparison.Ordinal));
        Assert.Equal(affected, announced.Select(line => line["update ".Length..]).Order(StringComparer.Ordinal));
        await SharedFarm.SucceedsAsync(swarm.DeployAsync("--no-build"));
        // The job has completed by now.
        Assert.Equal(
            affected.Except(["wpfarm-swarm-test-app_wordpress-install"]),
            (await TasksAsync()).Except(before).Select(task => task.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Contains(
            "config wpfarm-swarm-test_default-vcl-",
            await SharedFarm.SucceedsAsync(swarm.DeployAsync("--prune")),
            StringComparison.Ordinal
        );

        await ScaleAsync();

        // A new version of the pool, deployed under load: no request fails.
        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)]))
        {
            await swarm.DockerAsync("service", "update", "--detach=false", "--quiet", "--force", "wpfarm-swarm-test-app_pool-bronze");
            Assert.Empty(await visitors.FailuresAsync());
        }

        // A faulty version is rolled back by the swarm.
        await swarm.DockerAsync(
            "service",
            "update",
            "--detach",
            "--image",
            $"{swarm.Registry}/wpfarm/wordpress:is-not-there",
            "wpfarm-swarm-test-app_pool-bronze"
        );
        await SharedFarm.EventuallyAsync("the bad image is rolled back", async () =>
            (
                await swarm.DockerAsync("service", "inspect", "--format", "{{.UpdateStatus.State}}", "wpfarm-swarm-test-app_pool-bronze")
            ).Contains("rollback_completed", StringComparison.Ordinal)
        );
        await SharedFarm.EventuallyAsync("the sites answer", () => AnswersAsync(swarm.Addresses[0], orNot: true));

        // A node is drained while visitors, who turn to another node when one does not answer, get every page.
        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)]))
        {
            await swarm.DockerAsync("node", "update", "--availability", "drain", "node2");
            await SharedFarm.EventuallyAsync("node2 is empty", async () =>
                (await swarm.DockerAsync("node", "ps", "node2", "--filter", "desired-state=running", "--quiet")).Length == 0
            );
            Assert.Empty(await visitors.FailuresAsync());
        }

        await swarm.DockerAsync("node", "update", "--availability", "active", "node2");
        await SharedFarm.EventuallyAsync("node2 answers again", () => AnswersAsync(swarm.Addresses[1], orNot: true));
        // The node's database server may have been the writer: a second failover within ten minutes needs a person's acknowledgement.
        await ToldAsync("db", "status");
        await ToldAsync("db", "acknowledge");
        await SharedFarm.EventuallyAsync("that is in force", async () =>
            (await swarm.FarmAsync("db", "status", "--json")).Output.Contains("\"failedOverAt\": null", StringComparison.Ordinal)
        );

        // A node is lost without notice: the swarm elects a leader, every site answers, the pools' containers run elsewhere.
        await SharedFarm.DockerAsync("kill", "wpfarm-swarm-node3");
        // Not by `service ls`: until the lost node comes back, the swarm counts its tasks as running.
        await SharedFarm.EventuallyAsync("the pools are whole on two nodes", async () =>
            // For a moment without a leader, the swarm does not answer.
            await SharedFarm.RunAsync(
                "docker",
                [
                    "service",
                    "ps",
                    "wpfarm-swarm-test-app_pool-bronze",
                    "wpfarm-swarm-test-app_pool-silver",
                    "--filter",
                    "desired-state=running",
                    "--format",
                    "{{.CurrentState}}",
                ],
                swarm.Manager
            )
                is (0, var said)
            && said.Trim().Split('\n') is { Length: 4 } tasks
            && tasks.All(task => task.StartsWith("Running", StringComparison.Ordinal)));
        await SharedFarm.EventuallyAsync("a page that no cache has", () =>
            AnswersAsync(swarm.Addresses[0], orNot: true, query: "?fresh=1")
        );
    }

    /// <summary>
    /// A pool follows its load and an operator's order, and a deployment keeps the number of containers. No request fails.
    /// </summary>
    private async Task ScaleAsync()
    {
        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)], TimeSpan.FromMilliseconds(1), 6))
        {
            await SharedFarm.EventuallyAsync("more are started for the load", async () => await ReplicasAsync() > 2);
            await SharedFarm.EventuallyAsync("it is said why", async () =>
                (await swarm.FarmAsync("scale", "log")).Output.Contains("CPU", StringComparison.Ordinal)
            );
            // From here on, only orders change the number.
            await ToldAsync("scale", "pause", "bronze");
            await OrderAsync(4);
            Assert.Empty(await visitors.FailuresAsync());
        }

        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)]))
        {
            await OrderAsync(3);
            var before = await TasksAsync();
            await SharedFarm.SucceedsAsync(swarm.DeployAsync("--no-build"));
            Assert.Equal(before, await TasksAsync());
            await OrderAsync(2);
            Assert.Empty(await visitors.FailuresAsync());
        }

        await SharedFarm.EventuallyAsync("more than the most are refused", async () =>
            await swarm.FarmAsync("scale", "bronze", "5") is (2, var refusal)
            && refusal.Contains("5 is more than tiers.bronze.replicas.max, 4", StringComparison.Ordinal)
        );
    }

    private async Task OrderAsync(int replicas)
    {
        await ToldAsync("scale", "bronze", $"{replicas}");
        await SharedFarm.EventuallyAsync($"{replicas} are healthy", async () =>
            await swarm.DockerAsync("service", "ls", "--filter", "name=wpfarm-swarm-test-app_pool-bronze", "--format", "{{.Replicas}}")
                is var count
            && count.StartsWith($"{replicas}/{replicas}", StringComparison.Ordinal)
        );
    }

    private async Task<int> ReplicasAsync() =>
        int.Parse(
            await swarm.DockerAsync(
                "service",
                "inspect",
                "--format",
                "{{.Spec.Mode.Replicated.Replicas}}",
                "wpfarm-swarm-test-app_pool-bronze"
            ),
            CultureInfo.InvariantCulture
        );

    /// <summary>Collects logs for the report before the nodes are removed.</summary>
    private async Task DescribeAsync()
    {
        foreach (
            var question in new[]
            {
                "node ls",
                "service ls",
                "node ps node1 node2 node3 --filter desired-state=running",
                "service logs --raw --tail 100 wpfarm-swarm-test-management_orchestrator",
            }
        )
        {
            var (_, answer) = await SharedFarm.RunAsync("docker", question.Split(' '), swarm.Manager);
            Console.Error.WriteLine($"docker {question}:\n{answer}");
        }
    }

    /// <param name="scaleAbove">CPU threshold of tier bronze, in percent.</param>
    private Task WriteFarmFileAsync(int graceHours, int scaleAbove) =>
        File.WriteAllTextAsync(
            swarm.FarmFile,
            JsonSerializer.Serialize(
                new
                {
                    registry = $"{swarm.Registry}/wpfarm",
                    // A kernel without ESP silently drops every packet of an encrypted overlay.
                    swarm = new { nodes = 3, encryptNetworks = false },
                    storage = new { uploads = "path", uploadsPath = "/mnt/uploads" },
                    caching = new { graceHours },
                    tiers = new
                    {
                        bronze = new
                        {
                            replicas = new { min = 2, max = 4 },
                            scaling = new
                            {
                                enabled = true,
                                signals = new
                                {
                                    cpu = new { above = scaleAbove, seconds = 0 },
                                    memory = new { above = 0 },
                                    latency = new { above = 0 },
                                    queue = new { above = 0 },
                                    busy = new { above = 0 },
                                },
                            },
                        },
                    },
                    edge = new { httpPort = Port },
                }
            )
        );

    /// <summary>Running tasks: service and id.</summary>
    private async Task<string[]> TasksAsync()
    {
        var services = (await swarm.DockerAsync("service", "ls", "--format", "{{.Name}}"))
            .Split('\n')
            .Where(name => !name.EndsWith("redis-cluster", StringComparison.Ordinal));
        var tasks = await swarm.DockerAsync([
            "service",
            "ps",
            "--filter",
            "desired-state=running",
            "--format",
            "{{.Name}} {{.ID}}",
            .. services,
        ]);
        return
        [
            .. tasks.Split('\n').Select(line => $"{line[..line.LastIndexOf('.')]} {line.Split(' ')[^1]}").Order(StringComparer.Ordinal),
        ];
    }

    private async Task<string> NodeOfAsync(string service) =>
        await swarm.DockerAsync(
            "service",
            "ps",
            $"wpfarm-swarm-test-{service}",
            "--filter",
            "desired-state=running",
            "--format",
            "{{.Node}}"
        );

    /// <summary>Retries until the Orchestrator has carried out the order: it may be moving from one node to another.</summary>
    private Task ToldAsync(params string[] order) =>
        SharedFarm.EventuallyAsync($"./farm {string.Join(' ', order)}", async () => (await swarm.FarmAsync(order)).ExitCode == 0);

    private static async Task<bool> AnswersAsync(string address, bool orNot = false, string query = "")
    {
        using var browser = Browser(address);
        foreach (var (site, title) in new[] { ("blog", "The Blog"), ("shop", "The Shop") })
        {
            var text = await PageAsync(browser, site, query);
            if (orNot && text?.Contains(title, StringComparison.Ordinal) != true)
                return false;
            Assert.Contains(title, text ?? $"{address} does not answer", StringComparison.Ordinal);
        }

        return true;
    }

    private static async Task<string?> PageAsync(HttpClient browser, string site, string query)
    {
        try
        {
            using var response = await browser.GetAsync(new Uri($"http://{site}.farm.localhost:{Port}/{query}"));
            return response.StatusCode is HttpStatusCode.OK ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private static HttpClient Browser(string address) => new(Edge.At(address, Port)) { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>
    /// Visitors who request uncached pages one after the other until this is disposed. Like a browser, or a load balancer in front of
    /// several nodes, they turn to the next node when one does not answer.
    /// </summary>
    private sealed class Visitors : IAsyncDisposable
    {
        private readonly IReadOnlyList<HttpClient> _nodes;
        private readonly SteadyLoad _load;
        private readonly ConcurrentBag<string> _failures = [];

        public Visitors(IReadOnlyList<HttpClient> nodes)
        {
            _nodes = nodes;
            _load = new(VisitAsync);
        }

        /// <param name="pace">From one visit of a visitor to its next.</param>
        public Visitors(IReadOnlyList<HttpClient> nodes, TimeSpan pace, int visitors)
        {
            _nodes = nodes;
            _load = new(pace, [.. Enumerable.Repeat<Func<int, Task>>(VisitAsync, visitors)]);
        }

        public async Task<IReadOnlyCollection<string>> FailuresAsync()
        {
            await _load.StopAsync();
            return _failures;
        }

        public async ValueTask DisposeAsync()
        {
            await _load.DisposeAsync();
            foreach (var node in _nodes)
                node.Dispose();
        }

        private async Task VisitAsync(int visit)
        {
            var answered = false;
            for (var node = 0; node < _nodes.Count && !answered; node++)
                answered = await PageAsync(_nodes[(visit + node) % _nodes.Count], "blog", $"?visit={visit}-{Guid.NewGuid():N}") is not null;
            if (!answered)
                _failures.Add($"visit {visit}");
        }
    }
}
