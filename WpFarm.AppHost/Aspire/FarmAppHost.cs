using Docker.DotNet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WpFarm.AppHost.Aspire.Watch;
using WpFarm.Deployment;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// Runs the farm as Aspire resources, under Aspire's dashboard, with the same images, files, secrets and limits as on Compose.
/// </summary>
/// <remarks>
/// Aspire has one network for everything that it starts. Only Compose and Swarm separate the farm into networks; here every service
/// reaches every other.
/// </remarks>
internal static class FarmAppHost
{
    /// <summary>The default name of the farm. It differs from that on Compose, so that data and secrets are separate.</summary>
    private const string DefaultName = "aspire";

    /// <summary>Aspire's default is 30 s. It gives a container 10 s to stop, and a busy machine needs longer for thirty of them.</summary>
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromMinutes(3);

    /// <param name="args"><c>--file PATH</c> and <c>--name NAME</c> as for <c>./farm up</c>, and Aspire's own arguments.</param>
    /// <returns>The exit code, the same as that of <c>./farm</c>.</returns>
    public static Task<int> RunAsync(string[] args) => CommandGuard.RunAsync(() => RunFarmAsync(args), CancellationToken.None);

    private static async Task<int> RunFarmAsync(string[] args)
    {
        var builder = CreateBuilder(args);
        var root = RepositoryRoot.Find();
        var instance = new FarmInstance(root, builder.Configuration["name"] ?? DefaultName);
        var runbook = new FarmRunbook(root, instance, new NoProgress());
        var farmFile = builder.Configuration["file"] ?? Path.Combine(root, "farm.json");
        var options = FarmRunbook.ReadFarmFile(farmFile);
        if (builder.ExecutionContext.IsPublishMode)
        {
            builder.AddManifests(root, options);
            await builder.Build().RunAsync();
            return ExitCode.Ok;
        }

        using var only = runbook.LockFarm();
        var prepared = await FarmProgress.ShowAsync(progress =>
            new FarmRunbook(root, instance, progress).PrepareAsync(options, freePorts: false, CancellationToken.None)
        );
        await runbook.DownAsync(volumes: false, CancellationToken.None); // What a killed run, or ./farm up with this name, has left.
        using var engine = Engine.Connect();
        await FarmVolumes.CreateAsync(prepared.Farm, instance, runbook.Secrets, engine);
        FarmTables.LeftOut(prepared.Farm);

        AddResources(builder, prepared, instance, engine);
        var end = builder.AddWatch(cancel => KeepConfigurationAsync(prepared.Farm, instance, farmFile, cancel));
        await builder.Build().RunAsync();
        return end.Reason is null ? ExitCode.Ok : throw new OperationFailedException(end.Reason);
    }

    /// <summary>Stores farm.json and the secrets with the backups, as <c>./farm up</c> does at its end.</summary>
    private static Task KeepConfigurationAsync(Farm farm, FarmInstance instance, string farmFile, CancellationToken cancel) =>
        new ConfigurationUpload(instance, new PlainProgress(Console.Error, TimeProvider.System)).KeepAsync(farm, farmFile, cancel);

    /// <summary>Describes the resources; starts none. The instance's files must exist.</summary>
    internal static void AddResources(
        IDistributedApplicationBuilder builder,
        PreparedFarm prepared,
        FarmInstance instance,
        DockerClient engine
    )
    {
        var farm = prepared.Farm;
        var secrets = new SecretStore(instance.SecretsFolder);
        var containers = new ContainerResources(builder, instance, prepared.Images, secrets, engine);
        var orchestrator = farm.Orchestrator;
        var layers = farm.Services.Select(s => s.Layer).Distinct().Order().ToDictionary(layer => layer, builder.AddLayer);

        foreach (var service in farm.Services.Where(s => s != orchestrator))
            containers.Add(service, layers[service.Layer]);
        var project = builder
            .AddOrchestrator(orchestrator, instance, secrets, containers)
            .WithParentRelationship(layers[orchestrator.Layer]);
        foreach (var service in farm.Services.Where(s => s != orchestrator))
            containers.Connect(service, farm, project);
        project.AddCommands(farm, instance, containers);
        builder.AddSites(farm, secrets, containers, layers[Layer.Application]);
    }

    private static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(
            new DistributedApplicationOptions
            {
                Args = args,
                DashboardApplicationName = "WpFarm",
                // No resource speaks TLS with this machine's certificate, and Aspire fails to copy it into read-only containers.
                TrustDeveloperCertificate = false,
            }
        );
        // When this process has ended, all containers are removed: a script that waits for it can rely on that.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = bool.TrueString;
        // No container calls a process of this machine. For containers that wait for such a process, Aspire would pull an image.
        builder.Configuration["ASPIRE_ENABLE_CONTAINER_TUNNEL"] = bool.FalseString;
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_stopLimit);
        return builder;
    }
}
