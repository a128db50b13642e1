using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Tests.Integration;
using WpFarm.Tests.Integration.Run;

namespace WpFarm.Tests.AppHost.Aspire;

/// <summary>The farm of an empty farm.json, as <c>dotnet run --project WpFarm.AppHost</c> starts it.</summary>
[Collection(AspireFarmCollection.Name)]
[Integration(Stage.Destroys)]
public sealed class AspireFarmTests
{
    [Fact]
    public async Task TheDefaultFarm_BecomesHealthy_BacksItselfUp_OutlivesItsOrchestrator_AndIsTheSameAfterAStopAndAStart()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        await using var farm = await AspireFarm.CreateAsync("{}");
        var app = await farm.StartAsync(limit.Token);
        await farm.SitesAnswerAsync(limit.Token);
        await IsRecoverableAsync(farm, TimeProvider.System.GetUtcNow());
        await BacksUpAsync(farm, app);
        await OrderAsync(app, "switchover");
        await OutlivesItsOrchestratorAsync(app, limit.Token);
        var before = await BackupsAsync(farm);
        await AspireFarm.StopAsync(app, limit.Token);

        app = await farm.StartAsync(limit.Token);

        await farm.SitesAnswerAsync(limit.Token);
        await IsRecoverableAsync(farm, TimeProvider.System.GetUtcNow());
        Assert.Subset((await BackupsAsync(farm)).ToHashSet(), before.ToHashSet());
        await AspireFarm.StopAsync(app, limit.Token);
    }

    /// <summary>Makes a backup of the database, a snapshot of the uploads, and a drill, which restores both.</summary>
    private static async Task BacksUpAsync(AspireFarm farm, DistributedApplication app)
    {
        await SharedFarm.DockerAsync(
            "exec",
            $"{farm.Instance.Project}-uploads-backup-1",
            "bash",
            "-c",
            "cd /srv/uploads && mkdir -p blog && echo picture > blog/picture"
        );
        await OrderAsync(app, "back-up");
        await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "now", "--uploads"));

        await OrderAsync(app, "drill");

        await SharedFarm.EventuallyAsync("farm.json and the secrets are stored", async () =>
            (await BackupsAsync(farm)).Any(backup => backup.Kind == "configuration")
        );
        using var orchestrator = new OrchestratorApi(farm.Model, farm.Instance);
        var drill = (await orchestrator.SendAsync(BackupRoutes.Drills, CancellationToken.None))[0];
        Assert.Equal((null, 2, 1), (drill.Failure, drill.Sites, drill.Uploads));
    }

    /// <summary>Executes a command of the dashboard.</summary>
    private static async Task OrderAsync(DistributedApplication app, string command)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync("orchestrator", command);
        Assert.True(result.Success, $"{command}: {result.Message}");
    }

    /// <summary>The AppHost restarts the Orchestrator, which sets database roles again.</summary>
    private static async Task OutlivesItsOrchestratorAsync(DistributedApplication app, CancellationToken cancel)
    {
        var killed = await PidAsync(app, _ => true, cancel);
        using (var process = Process.GetProcessById(killed))
            process.Kill(entireProcessTree: true);

        Assert.NotEqual(killed, await PidAsync(app, pid => pid != killed, cancel));
    }

    private static async Task<int> PidAsync(DistributedApplication app, Func<int, bool> isMeant, CancellationToken cancel)
    {
        var seen = await app.ResourceNotifications.WaitForResourceAsync(
            "orchestrator",
            e => e.Snapshot.HealthStatus is HealthStatus.Healthy && PidIn(e.Snapshot) is { } pid && isMeant(pid),
            cancel
        );
        return PidIn(seen.Snapshot)!.Value;
    }

    private static int? PidIn(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, CultureInfo.InvariantCulture)
            : null;

    private static async Task IsRecoverableAsync(AspireFarm farm, DateTimeOffset moment)
    {
        using var orchestrator = new OrchestratorApi(farm.Model, farm.Instance);
        await SharedFarm.EventuallyAsync($"{moment:HH:mm:ss} can be recovered", async () =>
            (await orchestrator.SendAsync(BackupRoutes.Status, CancellationToken.None)) is { RecoverableUntil: { } until } && until > moment
        );
    }

    /// <summary>Ids of all backups in the store by kind, without binary logs.</summary>
    private static async Task<IReadOnlyList<(string Kind, string Id)>> BackupsAsync(AspireFarm farm)
    {
        using var backups = JsonDocument.Parse(await SharedFarm.SucceedsAsync(farm.CommandAsync("backup", "list", "--json")));
        return
        [
            .. backups
                .RootElement.EnumerateArray()
                .Select(backup => (Kind: backup.GetProperty("kind").GetString()!, Id: backup.GetProperty("id").GetString()!))
                .Where(backup => backup.Kind != "binarylog"),
        ];
    }
}

/// <summary>
/// Stops and starts the default farm repeatedly; its containers get other addresses each time, in the order in which they start.
/// </summary>
[Collection(AspireFarmCollection.Name)]
[Integration(Stage.Destroys)]
[Long]
public sealed class AspireRestartTests
{
    private const int Restarts = 5;

    [Fact]
    public async Task It_is_whole_after_each_restart_within_twice_the_time_of_the_first_start()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        await using var farm = await AspireFarm.CreateAsync("{}");
        var first = await StartAndStopAsync(farm, limit.Token);

        for (var restart = 0; restart < Restarts; restart++)
            Assert.InRange(await StartAndStopAsync(farm, limit.Token), TimeSpan.Zero, 2 * first);
    }

    /// <returns>How long it took until everything was healthy.</returns>
    private static async Task<TimeSpan> StartAndStopAsync(AspireFarm farm, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var app = await farm.StartAsync(cancel);
        var took = Stopwatch.GetElapsedTime(began);
        await farm.SitesAnswerAsync(cancel);
        using var orchestrator = new OrchestratorApi(farm.Model, farm.Instance);
        await SharedFarm.EventuallyAsync("the database is well", async () =>
            (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)) is { Problems.Count: 0, Writer: not null }
        );
        await RedisNodes.AreLinkedAsync(farm.Model, node => Task.FromResult($"{farm.Instance.Project}-{node}-1"));
        await AspireFarm.StopAsync(app, cancel);
        return took;
    }
}

/// <summary>A tier that follows its load. Needs another farm.json and another start, so it is in the long run only.</summary>
[Collection(AspireFarmCollection.Name)]
[Integration(Stage.Destroys)]
[Long]
public sealed class AspireScalingTests
{
    /// <summary>The Orchestrator sees the load, stops one of the tier's two containers and starts it again; Aspire notices both.</summary>
    [Fact]
    public async Task ATier_FollowsItsLoad()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        await using var farm = await AspireFarm.CreateAsync(
            """
            {
              "tiers": {
                "bronze": { "replicas": { "min": 1, "max": 2 }, "scaling": { "enabled": true } },
                "silver": { "replicas": { "min": 1 } }
              }
            }
            """
        );
        var app = await farm.StartAsync(limit.Token);
        await SharedFarm.EventuallyAsync("all signals of the tier are known", async () =>
        {
            using var tiers = JsonDocument.Parse(await SharedFarm.SucceedsAsync(farm.CommandAsync("scale", "--json")));
            var tier = tiers.RootElement.EnumerateArray().Single(tier => tier.GetProperty("tier").GetString() == "bronze");
            return tier.GetProperty("mode").GetString() == "on"
                && tier.GetProperty("ready").GetInt32() == 2
                && tier.GetProperty("signals").EnumerateObject().Count() == 5;
        });

        await OrderedAsync(farm, 1);
        await app.ResourceNotifications.WaitForResourceAsync("pool-bronze-2", KnownResourceStates.Exited, limit.Token);
        await OrderedAsync(farm, 2);
        await app.ResourceNotifications.WaitForResourceAsync("pool-bronze-2", KnownResourceStates.Running, limit.Token);
        await AspireFarm.StopAsync(app, limit.Token);
    }

    /// <summary>Retries: a busy machine may refuse the order.</summary>
    private static Task OrderedAsync(AspireFarm farm, int replicas) =>
        SharedFarm.EventuallyAsync($"{replicas} are ordered", async () =>
            (await farm.CommandAsync("scale", "bronze", $"{replicas}")).ExitCode == 0
        );
}
