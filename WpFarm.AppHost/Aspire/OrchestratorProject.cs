using Microsoft.Extensions.Configuration;
using WpFarm.Deployment;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// The Orchestrator, the one service that is no container here: as a project it can be debugged, and its telemetry finds the
/// dashboard. So it reaches others through ports of this machine, and reads its files where they are rendered. Nobody reaches it
/// by name: Prometheus, where it runs, shows it as down.
/// </summary>
internal sealed class OrchestratorProject : IProjectMetadata
{
    public string ProjectPath { get; } = Path.Combine(RepositoryRoot.Find(), "WpFarm.Orchestrator", "WpFarm.Orchestrator.csproj");

    /// <summary>It was built together with this program.</summary>
    public bool SuppressBuild => true;
}

internal static class OrchestratorProjectExtensions
{
    public static IResourceBuilder<ProjectResource> AddOrchestrator(this IDistributedApplicationBuilder builder, Service service, FarmInstance instance, SecretStore secrets, FarmContainers containers)
    {
        var project = builder.AddProject<OrchestratorProject>(service.Name, launchProfileName: null)
            .WithEnvironment("Farm__File", RenderedFile("farm.json"))
            .WithEnvironment("Api__TokenFile", secrets.PathOf(Secret.ApiToken))
            .WithEnvironment("Database__PasswordFile", secrets.PathOf(Secret.Orchestrator))
            .WithEnvironment("Database__ReplicationPasswordFile", secrets.PathOf(Secret.Replication))
            .WithEnvironment("Engine__Project", instance.Project);
        foreach (var (key, value) in new ConfigurationBuilder().AddJsonFile(RenderedFile("orchestrator.json")).Build().AsEnumerable())
            if (!string.IsNullOrEmpty(value))
                project.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);

        foreach (var call in service.Calls)
            if (SettingOf(call) is { } setting && containers.Of(call.To) is [var called, ..])
                project.WithEnvironment(setting.Key, called.WithEndpoint(targetPort: call.Port, scheme: setting.Scheme, name: call.Why).GetEndpoint(call.Why));

        foreach (var port in service.Ports)
            project.WithPublishedPort(port, port.Host, target: null).WithHttpHealthCheck("/readyz", endpointName: PublishedPorts.EndpointName(port));
        return project;

        string RenderedFile(string name) => Path.Combine(instance.Folder, RenderedFiles.RelativePath(service.Files.Single(file => Path.GetFileName(file.Path) == name)));
    }

    /// <summary>The Orchestrator's option that says where it reaches whom it calls. Null for telemetry, which goes to the dashboard.</summary>
    private static (string Key, string Scheme)? SettingOf(Call call) => call switch
    {
        { Why: "roles" } => ($"Database__Addresses__{call.To}", "tcp"),
        { Why: "cron" } => ("Cron__Balancer", "http"),
        { Why: "pages" } => ("Backups__ScratchSite", "http"),
        { Why: "state" } => ("Engine__Api", "http"),
        { Why: "signals" } => ("Autoscaling__Prometheus", "http"),
        _ => null,
    };
}
