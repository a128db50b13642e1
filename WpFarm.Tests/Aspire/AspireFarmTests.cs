using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using WpFarm.AppHost.Aspire;
using WpFarm.Deployment;
using WpFarm.Tests.Integration;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Aspire;

/// <summary>A small farm, started by the real AppHost with the real Aspire on the real engine, and removed with its data.</summary>
[Collection(AspireFarmCollection.Name)]
[Integration(Stage.Destroys)]
public sealed class AspireFarmTests : IAsyncLifetime
{
    private const string Name = "aspire-test";

    private readonly string _farmFile = Path.Combine(Path.GetTempPath(), $"wpfarm-aspire-test-{Environment.ProcessId}.json");

    public async ValueTask InitializeAsync()
    {
        await RemoveFarm();
        var ports = FreePorts(5);
        await File.WriteAllTextAsync(_farmFile, JsonSerializer.Serialize(new
        {
            edge = new { httpPort = ports[0] },
            management = new { orchestratorPort = ports[1], portainerPort = ports[2] },
            observability = new { prometheusPort = ports[3], grafanaPort = ports[4] },
            storage = new { objectStorage = "none" },
            tiers = new { bronze = new { replicas = new { min = 1, max = 2 }, scaling = new { enabled = true } }, silver = new { replicas = new { min = 1 } } },
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveFarm();
        File.Delete(_farmFile);
    }

    [Fact]
    public async Task EveryServiceBecomesHealthy_SitesAnswer_ATierFollowsItsLoad_NothingIsLeft()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        // Ports as farm.json says: the sites' addresses have them.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            typeof(FarmAppHost), ["--name", Name, "--file", _farmFile, "--DcpPublisher:RandomizePorts=false"], limit.Token);
        // What is not there yet is not well: each check of each second would be told as a failure.
        builder.Services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        var farm = Farm.Build(FarmRunbook.ReadFarmFile(_farmFile));
        await using (var app = await builder.BuildAsync(limit.Token))
        {
            await app.StartAsync(limit.Token);
            await Task.WhenAll(app.Services.GetRequiredService<DistributedApplicationModel>().Resources
                .Where(resource => resource is ContainerResource or ProjectResource)
                .Select(resource => Settled(app, resource, farm.Find(resource.Name) is { IsJob: true }, limit.Token)));

            using var browser = new HttpClient(Edge.At("127.0.0.1", farm.Options.Edge.HttpPort));
            foreach (var site in farm.Sites)
                // The balancer is healthy a moment before it has found the pools.
                await SharedFarm.Eventually($"{site.Url} answers with its title", async () =>
                {
                    using var page = await browser.GetAsync(new Uri(site.Url), limit.Token);
                    return page.IsSuccessStatusCode && (await page.Content.ReadAsStringAsync(limit.Token)).Contains(site.Title, StringComparison.Ordinal);
                });
            await Scale(app, limit.Token);
            await app.StopAsync(limit.Token);
        }

        await SharedFarm.Eventually("nothing is left", async () => (await SharedFarm.Docker("ps", "--all", "--format", "{{.Names}} {{.Status}}", "--filter", $"name=wpfarm-{Name}-")).Length == 0);
    }

    /// <summary>The Orchestrator sees the tier's load, lets one of its two containers go and starts it again, and Aspire sees both.</summary>
    private async Task Scale(DistributedApplication app, CancellationToken cancel)
    {
        await SharedFarm.Eventually("all signals of the tier are known", async () =>
        {
            using var tiers = JsonDocument.Parse(await SharedFarm.Succeeds(Command("scale", "--json")));
            var tier = tiers.RootElement.EnumerateArray().Single(tier => tier.GetProperty("tier").GetString() == "bronze");
            return tier.GetProperty("mode").GetString() == "on" && tier.GetProperty("ready").GetInt32() == 2 && tier.GetProperty("signals").EnumerateObject().Count() == 5;
        });
        await Ordered(1);
        await app.ResourceNotifications.WaitForResourceAsync("pool-bronze-2", KnownResourceStates.Exited, cancel);
        await Ordered(2);
        await app.ResourceNotifications.WaitForResourceAsync("pool-bronze-2", KnownResourceStates.Running, cancel);
    }

    /// <summary>A machine that is busy may just refuse it.</summary>
    private Task Ordered(int replicas) => SharedFarm.Eventually($"{replicas} are ordered", async () => (await Command("scale", "bronze", $"{replicas}")).ExitCode == 0);

    private Task<(int ExitCode, string Output)> Command(params string[] arguments) => SharedFarm.RunFarm([.. arguments, "--name", Name, "--file", _farmFile]);

    /// <summary>Jobs end with exit code 0; all others are healthy. Fails as soon as one has ended that should not.</summary>
    private static async Task Settled(DistributedApplication app, IResource resource, bool isJob, CancellationToken cancel)
    {
        var state = await app.ResourceNotifications.WaitForResourceAsync(
            resource.Name,
            e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text) || (!isJob && e.Snapshot.HealthStatus is HealthStatus.Healthy),
            cancel);
        Assert.True(isJob ? state.Snapshot.ExitCode == 0 : state.Snapshot.HealthStatus is HealthStatus.Healthy, $"{resource.Name}: {state.Snapshot.State?.Text}, exit code {state.Snapshot.ExitCode}");
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return [.. ports];
    }

    private static async Task RemoveFarm() => await SharedFarm.RunFarm("down", "--volumes", "--yes", "--name", Name);
}

/// <summary>Two farms at the same time are more than a small machine can bear.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AspireFarmCollection
{
    public const string Name = "farm 3: on Aspire";
}
