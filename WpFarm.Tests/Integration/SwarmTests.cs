using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.Integration;

/// <summary>
/// The published stacks on a real swarm of three nodes, each an engine in a container of this machine, with a registry of their own.
/// One test, because each part goes on from where the one before left the swarm.
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
            await Live();
        }
        catch
        {
            await Describe();
            throw;
        }
    }

    private async Task Live()
    {
        await WriteFarmFile(graceHours: 24, scaleAbove: 95);

        await SharedFarm.Succeeds(swarm.Deploy("--label"));
        foreach (var address in swarm.Addresses)
            await SharedFarm.Eventually($"{address} answers", () => Answers(address, orNot: true));
        Assert.NotEqual(await NodeOf("data_mariadb-p1"), await NodeOf("data_mariadb-p2"));
        await Told("status");
        await SharedFarm.Eventually("it can be recovered", async () => (await swarm.Farm("backup", "status")).Output.Contains("recoverable up to", StringComparison.Ordinal));
        Assert.Contains("configuration", await SharedFarm.Succeeds(swarm.Farm("backup", "list")), StringComparison.Ordinal);
        Assert.True(await swarm.Farm("db", "add-replica") is (2, var advice) && advice.Contains("is on the swarm of this engine. Change farm.json, then ./farm deploy", StringComparison.Ordinal));

        // Again: nothing changes.
        Assert.Contains("services as they were", await SharedFarm.Succeeds(swarm.Deploy("--no-build", "--dry-run")), StringComparison.Ordinal);
        var before = await Tasks();
        await SharedFarm.Succeeds(swarm.Deploy("--no-build"));
        Assert.Equal(before, await Tasks());

        // A configuration changes: what mounts it is rolled (the Orchestrator has all of farm.json), nothing else, and its old version
        // can be removed.
        await WriteFarmFile(graceHours: 25, scaleAbove: 10);
        string[] affected =
        [
            "wpfarm-swarm-test-app_pool-bronze", "wpfarm-swarm-test-app_pool-silver", "wpfarm-swarm-test-app_wordpress-install",
            "wpfarm-swarm-test-app_wordpress-scratch", "wpfarm-swarm-test-data_varnish", "wpfarm-swarm-test-management_orchestrator",
        ];
        var announced = (await SharedFarm.Succeeds(swarm.Deploy("--no-build", "--dry-run"))).Split('\n').Where(line => line.StartsWith("update ", StringComparison.Ordinal));
        Assert.Equal(affected, announced.Select(line => line["update ".Length..]).Order(StringComparer.Ordinal));
        await SharedFarm.Succeeds(swarm.Deploy("--no-build"));
        // The job has run to its end by now.
        Assert.Equal(affected.Except(["wpfarm-swarm-test-app_wordpress-install"]), (await Tasks()).Except(before).Select(task => task.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("config wpfarm-swarm-test_default-vcl-", await SharedFarm.Succeeds(swarm.Deploy("--prune")), StringComparison.Ordinal);

        await Scale();

        // A new version of the pool under load: no request fails.
        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)]))
        {
            await swarm.Docker("service", "update", "--detach=false", "--quiet", "--force", "wpfarm-swarm-test-app_pool-bronze");
            Assert.Empty(await visitors.Failures());
        }

        // A bad one goes back by itself.
        await swarm.Docker("service", "update", "--detach", "--image", $"{swarm.Registry}/wpfarm/wordpress:is-not-there", "wpfarm-swarm-test-app_pool-bronze");
        await SharedFarm.Eventually("the bad image is rolled back", async () =>
            (await swarm.Docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", "wpfarm-swarm-test-app_pool-bronze")).Contains("rollback_completed", StringComparison.Ordinal));
        await SharedFarm.Eventually("the sites answer", () => Answers(swarm.Addresses[0], orNot: true));

        // A node is drained, with visitors who go to another node when one does not answer: none is lost.
        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)]))
        {
            await swarm.Docker("node", "update", "--availability", "drain", "node2");
            await SharedFarm.Eventually("node2 is empty", async () => (await swarm.Docker("node", "ps", "node2", "--filter", "desired-state=running", "--quiet")).Length == 0);
            Assert.Empty(await visitors.Failures());
        }

        await swarm.Docker("node", "update", "--availability", "active", "node2");
        await SharedFarm.Eventually("node2 answers again", () => Answers(swarm.Addresses[1], orNot: true));
        // Its database server may have been the writer: a second failover within ten minutes is for a person to allow.
        await Told("db", "status");
        await Told("db", "acknowledge");
        await SharedFarm.Eventually("that is in force", async () => (await swarm.Farm("db", "status", "--json")).Output.Contains("\"failedOverAt\": null", StringComparison.Ordinal));

        // And one is lost, without a word: the swarm has a leader, every site answers, the pools have their containers elsewhere.
        await SharedFarm.Docker("kill", "wpfarm-swarm-node3");
        // Not by `service ls`: what ran on the lost node counts as running for the swarm until the node comes back.
        await SharedFarm.Eventually("the pools are whole on two nodes", async () =>
            // Without a leader, for a moment, the swarm says nothing.
            await SharedFarm.Run("docker", ["service", "ps", "wpfarm-swarm-test-app_pool-bronze", "wpfarm-swarm-test-app_pool-silver", "--filter", "desired-state=running", "--format", "{{.CurrentState}}"], swarm.Manager) is (0, var said) &&
            said.Trim().Split('\n') is { Length: 4 } tasks &&
            tasks.All(task => task.StartsWith("Running", StringComparison.Ordinal)));
        await SharedFarm.Eventually("a page that no cache has", () => Answers(swarm.Addresses[0], orNot: true, query: "?fresh=1"));
    }

    /// <summary>A pool follows its load, a person's order, and a deployment leaves as many as there are. No request fails.</summary>
    private async Task Scale()
    {
        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)], TimeSpan.FromMilliseconds(1), 6))
        {
            await SharedFarm.Eventually("more are started for the load", async () => await Replicas() > 2);
            await SharedFarm.Eventually("it is said why", async () => (await swarm.Farm("scale", "log")).Output.Contains("CPU", StringComparison.Ordinal));
            // From here on nothing but orders changes the number.
            await Told("scale", "pause", "bronze");
            await Order(4);
            Assert.Empty(await visitors.Failures());
        }

        await using (var visitors = new Visitors([.. swarm.Addresses.Select(Browser)]))
        {
            await Order(3);
            var before = await Tasks();
            await SharedFarm.Succeeds(swarm.Deploy("--no-build"));
            Assert.Equal(before, await Tasks());
            await Order(2);
            Assert.Empty(await visitors.Failures());
        }

        await SharedFarm.Eventually("more than the most are refused", async () =>
            await swarm.Farm("scale", "bronze", "5") is (2, var refusal) && refusal.Contains("5 is more than tiers.bronze.replicas.max, 4", StringComparison.Ordinal));
    }

    private async Task Order(int replicas)
    {
        await Told("scale", "bronze", $"{replicas}");
        await SharedFarm.Eventually($"{replicas} are healthy", async () =>
            await swarm.Docker("service", "ls", "--filter", "name=wpfarm-swarm-test-app_pool-bronze", "--format", "{{.Replicas}}") is var count && count.StartsWith($"{replicas}/{replicas}", StringComparison.Ordinal));
    }

    private async Task<int> Replicas() =>
        int.Parse(await swarm.Docker("service", "inspect", "--format", "{{.Spec.Mode.Replicated.Replicas}}", "wpfarm-swarm-test-app_pool-bronze"), CultureInfo.InvariantCulture);

    /// <summary>What is left to look at once the nodes are gone.</summary>
    private async Task Describe()
    {
        foreach (var question in new[] { "node ls", "service ls", "node ps node1 node2 node3 --filter desired-state=running", "service logs --raw --tail 100 wpfarm-swarm-test-management_orchestrator" })
        {
            var (_, answer) = await SharedFarm.Run("docker", question.Split(' '), swarm.Manager);
            Console.Error.WriteLine($"docker {question}:\n{answer}");
        }
    }

    /// <param name="scaleAbove">Percent of CPU at which tier bronze gets more containers.</param>
    private Task WriteFarmFile(int graceHours, int scaleAbove) => File.WriteAllTextAsync(swarm.FarmFile, JsonSerializer.Serialize(new
    {
        registry = $"{swarm.Registry}/wpfarm",
        // A kernel without ESP loses every packet of an encrypted overlay, without a word.
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
                    signals = new { cpu = new { above = scaleAbove, seconds = 0 }, memory = new { above = 0 }, latency = new { above = 0 }, queue = new { above = 0 }, busy = new { above = 0 } },
                },
            },
        },
        edge = new { httpPort = Port },
    }));

    /// <summary>Running tasks: service and id.</summary>
    private async Task<string[]> Tasks()
    {
        var services = (await swarm.Docker("service", "ls", "--format", "{{.Name}}")).Split('\n').Where(name => !name.EndsWith("redis-cluster", StringComparison.Ordinal));
        var tasks = await swarm.Docker(["service", "ps", "--filter", "desired-state=running", "--format", "{{.Name}} {{.ID}}", .. services]);
        return [.. tasks.Split('\n').Select(line => $"{line[..line.LastIndexOf('.')]} {line.Split(' ')[^1]}").Order(StringComparer.Ordinal)];
    }

    private async Task<string> NodeOf(string service) =>
        await swarm.Docker("service", "ps", $"wpfarm-swarm-test-{service}", "--filter", "desired-state=running", "--format", "{{.Node}}");

    /// <summary>Until the Orchestrator has done as it is told: it may just be on its way from one node to another.</summary>
    private Task Told(params string[] order) =>
        SharedFarm.Eventually($"./farm {string.Join(' ', order)}", async () => (await swarm.Farm(order)).ExitCode == 0);

    private static async Task<bool> Answers(string address, bool orNot = false, string query = "")
    {
        using var browser = Browser(address);
        foreach (var (site, title) in new[] { ("blog", "The Blog"), ("shop", "The Shop") })
        {
            var text = await Page(browser, site, query);
            if (orNot && text?.Contains(title, StringComparison.Ordinal) != true)
                return false;
            Assert.Contains(title, text ?? $"{address} does not answer", StringComparison.Ordinal);
        }

        return true;
    }

    private static async Task<string?> Page(HttpClient browser, string site, string query)
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
    /// Visitors of pages that no cache has, one after the other, until they are disposed. Like a browser or a load balancer before
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
            _load = new(Visit);
        }

        /// <param name="pace">From one visit of a visitor to the next.</param>
        public Visitors(IReadOnlyList<HttpClient> nodes, TimeSpan pace, int visitors)
        {
            _nodes = nodes;
            _load = new(pace, [.. Enumerable.Repeat<Func<int, Task>>(Visit, visitors)]);
        }

        public async Task<IReadOnlyCollection<string>> Failures()
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

        private async Task Visit(int visit)
        {
            var answered = false;
            for (var node = 0; node < _nodes.Count && !answered; node++)
                answered = await Page(_nodes[(visit + node) % _nodes.Count], "blog", $"?visit={visit}-{Guid.NewGuid():N}") is not null;
            if (!answered)
                _failures.Add($"visit {visit}");
        }
    }
}
