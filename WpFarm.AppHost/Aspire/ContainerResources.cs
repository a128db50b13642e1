using Docker.DotNet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WpFarm.AppHost.Aspire.Watch;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Secrets;
using WpFarm.Topology;

namespace WpFarm.AppHost.Aspire;

/// <summary>The services that run as containers. Aspire's containers have no replicas, so each replica is a resource of its own.</summary>
internal sealed class ContainerResources(
    IDistributedApplicationBuilder builder,
    FarmInstance instance,
    ImageTags images,
    SecretStore secrets,
    DockerClient engine
)
{
    private readonly Dictionary<string, IReadOnlyList<IResourceBuilder<ContainerResource>>> _services = [];

    /// <summary>
    /// Adds a service. A service that is scaled by load gets a resource for each replica up to its maximum: the Orchestrator stops those
    /// that the load does not need, and starts them again.
    /// </summary>
    public void Add(Service service, IResourceBuilder<LayerResource> layer)
    {
        var replicas = service switch
        {
            { IsJob: true } => 1,
            { FollowsLoad: true } => service.Replicas.Max,
            _ => service.Replicas.Min,
        };
        _services.Add(
            service.Name,
            [.. Enumerable.Range(1, replicas).Select(number => AddReplica(service, number, replicas).WithParentRelationship(layer))]
        );
    }

    /// <summary>
    /// Adds the dependencies of a service, and the edges of the diagram, which the dashboard draws. Call it after all services are added.
    /// </summary>
    /// <param name="orchestrator">The one service that does not run as a container.</param>
    public void Connect(Service service, Farm farm, IResourceBuilder<ProjectResource> orchestrator)
    {
        foreach (var replica in Of(service))
        {
            foreach (var dependency in service.DependsOn)
                if (dependency.Service == orchestrator.Resource.Name)
                    replica.WaitFor(orchestrator, WaitBehavior.WaitOnResourceUnavailable);
                else
                    foreach (var needed in Of(farm.Find(dependency.Service)!))
                        _ =
                            dependency.Condition is DependencyCondition.Completed
                                ? replica.WaitForCompletion(needed)
                                // A needed service that ended may be started again, so the dependent one keeps waiting.
                                : replica.WaitFor(needed, WaitBehavior.WaitOnResourceUnavailable);
            foreach (var called in service.Calls.Select(call => farm.Find(call.Endpoint.Host)).OfType<Service>().Distinct())
            foreach (var other in Of(called))
                replica.WithReferenceRelationship(other);
        }
    }

    /// <summary>The replicas of a service. Empty when it does not run as a container here.</summary>
    public IReadOnlyList<IResourceBuilder<ContainerResource>> Of(Service service) => Of(service.Name);

    public IReadOnlyList<IResourceBuilder<ContainerResource>> Of(string service) => _services.GetValueOrDefault(service, []);

    /// <summary>
    /// The address at which a process of this machine reaches a service: a port that Aspire chooses and forwards to the container.
    /// </summary>
    public EndpointReference EndpointOf(ServiceEndpoint endpoint)
    {
        var called = Of(endpoint.Host)[0];
        var name = $"{endpoint.Scheme}-{endpoint.Port}";
        return called.Resource.Annotations.OfType<EndpointAnnotation>().Any(known => known.Name == name)
            ? called.GetEndpoint(name)
            : called.WithEndpoint(targetPort: endpoint.Port, scheme: endpoint.Scheme, name: name).GetEndpoint(name);
    }

    private IResourceBuilder<ContainerResource> AddReplica(Service service, int number, int replicas)
    {
        var containerName = $"{instance.Project}-{service.Name}-{number}";
        var container = builder
            .AddContainer(replicas == 1 ? service.Name : $"{service.Name}-{number}", images.Reference(service.Image))
            .WithContainerName(containerName)
            .WithImagePullPolicy(ImagePullPolicy.Never) // Built, or pulled, before.
            .WithArgs([.. service.Command])
            .WithContainerRuntimeArgs([.. RuntimeArguments.Of(service, instance.Project, number)])
            .WithRole(RoleOf(service));

        if (service.Entrypoint is { } program)
            container.WithEntrypoint(program);
        foreach (
            var alias in service
                .Networks.SelectMany(n => n.Aliases)
                .Append(service.Name)
                .Distinct()
                .Where(alias => alias != container.Resource.Name)
        )
            container.WithContainerNetworkAlias(alias);
        foreach (var (name, value) in service.Environment)
            container.WithEnvironment(name, value);
        if (service.Project?.OnEngine is { } variable)
            container.WithEnvironment(variable, instance.Project);
        foreach (var port in service.Ports)
            container.WithPublishedPort(port, port.Host + number - 1, port.Container);
        AddMounts(container, service);
        if (service.Health is { } check)
            AddHealth(container, new ContainerHealthCheck(engine, containerName, check));
        return container;
    }

    private static ResourceRole RoleOf(Service service) =>
        service.IsJob ? ResourceRole.Job
        : service.FollowsLoad ? ResourceRole.FollowsLoad
        : ResourceRole.Service;

    private void AddMounts(IResourceBuilder<ContainerResource> container, Service service)
    {
        foreach (var file in service.Files)
            container.WithBindMount(Path.Combine(instance.Folder, RenderedFiles.RelativePath(file)), file.Path, isReadOnly: true);
        foreach (var secret in service.Secrets)
            container.WithBindMount(secrets.PathOf(secret), $"{service.SecretsFolder}/{secret}", isReadOnly: true);
        foreach (var mount in service.Mounts)
            _ = mount.HostPath
                ? container.WithBindMount(mount.Source, mount.Target, mount.ReadOnly)
                : container.WithVolume(instance.VolumeName(mount.Source), mount.Target, mount.ReadOnly);
    }

    private void AddHealth(IResourceBuilder<ContainerResource> container, ContainerHealthCheck check)
    {
        var key = $"{container.Resource.Name}-health";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(key, check, failureStatus: null, tags: null));
        container.WithHealthCheck(key);
    }
}
