using WpFarm.AppHost.Aspire.Watch;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>
/// The Orchestrator, the one service that does not run as a container here. As a project it can be debugged, and it sends telemetry to the
/// dashboard. It reaches other services through ports of this machine, and reads its files where they are rendered. No container reaches
/// it by name: Prometheus, if it runs, shows it as down.
/// </summary>
internal sealed class OrchestratorProject : IProjectMetadata
{
    public string ProjectPath { get; } = Path.Combine(RepositoryRoot.Find(), "WpFarm.Orchestrator", "WpFarm.Orchestrator.csproj");

    /// <summary>The Orchestrator was built together with this program.</summary>
    public bool SuppressBuild => true;
}

internal static class OrchestratorProjectExtensions
{
    public static IResourceBuilder<ProjectResource> AddOrchestrator(
        this IDistributedApplicationBuilder builder,
        Service service,
        FarmInstance instance,
        SecretStore secrets,
        ContainerResources containers
    )
    {
        var project = builder
            .AddProject<OrchestratorProject>(service.Name, launchProfileName: null)
            .WithRole(ResourceRole.Service)
            // The Orchestrator speaks plain HTTP, so Aspire need not ask for a trusted certificate.
            .WithoutHttpsCertificate()
            .WithEnvironment("Engine__Project", instance.Project);
        var settings = new ProcessSettings(
            service,
            file => Path.Combine(instance.Folder, RenderedFiles.RelativePath(file)),
            secrets.PathOf
        );
        foreach (var (name, setting) in settings.Read(OrchestratorSettings.Path))
            _ = setting switch
            {
                ProcessSetting.Address address => project.WithEnvironment(name, containers.EndpointOf(address.Endpoint)),
                ProcessSetting.Text text => project.WithEnvironment(name, text.Value),
                _ => throw new NotSupportedException($"{setting}"),
            };

        foreach (var port in service.Ports)
            project
                .WithPublishedPort(port, port.Host, target: null)
                .WithHttpHealthCheck("/readyz", endpointName: PublishedPorts.EndpointName(port));
        return project;
    }
}
