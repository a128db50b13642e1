using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using WpFarm.AppHost.Aspire;
using WpFarm.Deployment;
using WpFarm.Deployment.Instance;
using WpFarm.Tests.Integration;
using WpFarm.Topology;

namespace WpFarm.Tests.AppHost.Aspire;

/// <summary>A separate farm, started by the real AppHost with real Aspire on a real engine, and removed with its data.</summary>
internal sealed class AspireFarm : IAsyncDisposable
{
    private const string Name = "aspire-test";

    private readonly string _farmFile = Path.Combine(Path.GetTempPath(), $"wpfarm-aspire-test-{Environment.ProcessId}.json");

    private AspireFarm() { }

    public Farm Model => Farm.Build(FarmRunbook.ReadFarmFile(_farmFile));

    public FarmInstance Instance { get; } = new(RepositoryRoot.Find(), Name);

    /// <param name="farmFile">The farm's farm.json; only free ports are added to it.</param>
    public static async Task<AspireFarm> CreateAsync(string farmFile)
    {
        var farm = new AspireFarm();
        await RemoveAsync();
        var ports = FreePorts(5);
        var options = JsonNode.Parse(farmFile)!.AsObject();
        options["edge"] = new JsonObject { ["httpPort"] = ports[0] };
        options["management"] = new JsonObject { ["orchestratorPort"] = ports[1], ["portainerPort"] = ports[2] };
        options["observability"] = new JsonObject { ["prometheusPort"] = ports[3], ["grafanaPort"] = ports[4] };
        await File.WriteAllTextAsync(farm._farmFile, options.ToJsonString());
        return farm;
    }

    /// <summary>Starts the farm and waits until every service is healthy and every job is done.</summary>
    public async Task<DistributedApplication> StartAsync(CancellationToken cancel)
    {
        // The ports of farm.json, because the sites' addresses contain them.
        var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            typeof(FarmAppHost),
            ["--name", Name, "--file", _farmFile, "--DcpPublisher:RandomizePorts=false"],
            cancel
        );
        // A service that has not started is unhealthy, and each check of each second would be logged as a failure.
        builder.Services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        var app = await builder.BuildAsync(cancel);
        await app.StartAsync(cancel);
        var farm = Model;
        await Task.WhenAll(
            app.Services.GetRequiredService<DistributedApplicationModel>()
                .Resources.Where(resource => resource is ContainerResource or ProjectResource)
                .Select(resource => SettledAsync(app, resource, farm.Find(resource.Name) is { IsJob: true }, cancel))
        );
        return app;
    }

    public static async Task StopAsync(DistributedApplication app, CancellationToken cancel)
    {
        await app.StopAsync(cancel);
        await app.DisposeAsync();
        await SharedFarm.EventuallyAsync("nothing is left", async () =>
            (await SharedFarm.DockerAsync("ps", "--all", "--format", "{{.Names}} {{.Status}}", "--filter", $"name=wpfarm-{Name}-")).Length
            == 0
        );
    }

    /// <summary>Runs a command on the farm.</summary>
    public Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        SharedFarm.RunFarmAsync([.. arguments, "--name", Name, "--file", _farmFile]);

    public async Task SitesAnswerAsync(CancellationToken cancel)
    {
        var farm = Model;
        using var browser = new HttpClient(Edge.At("127.0.0.1", farm.Options.Edge.HttpPort));
        foreach (var site in farm.Sites)
            // The balancer becomes healthy a moment before it has found the pools.
            await SharedFarm.EventuallyAsync($"{site.Url} answers with its title", async () =>
            {
                using var page = await browser.GetAsync(new Uri(site.Url), cancel);
                return page.IsSuccessStatusCode
                    && (await page.Content.ReadAsStringAsync(cancel)).Contains(site.Title, StringComparison.Ordinal);
            });
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        File.Delete(_farmFile);
    }

    /// <summary>
    /// Waits until all jobs have exited with 0 and all other services are healthy. Fails as soon as a service has ended that should run.
    /// </summary>
    private static async Task SettledAsync(DistributedApplication app, IResource resource, bool isJob, CancellationToken cancel)
    {
        var state = await app.ResourceNotifications.WaitForResourceAsync(
            resource.Name,
            e =>
                KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text)
                || (!isJob && e.Snapshot.HealthStatus is HealthStatus.Healthy),
            cancel
        );
        Assert.True(
            isJob ? state.Snapshot.ExitCode == 0 : state.Snapshot.HealthStatus is HealthStatus.Healthy,
            $"{resource.Name}: {state.Snapshot.State?.Text}, exit code {state.Snapshot.ExitCode}"
        );
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return [.. ports];
    }

    private static async Task RemoveAsync() => await SharedFarm.RunFarmAsync("down", "--volumes", "--yes", "--name", Name);
}

/// <summary>Stops the shared farm: two farms at the same time overload a small machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AspireFarmCollection
{
    public const string Name = "farm 3: on Aspire";
}
