using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using WpFarm.AppHost.Aspire;
using WpFarm.AppHost.Aspire.Watch;
using WpFarm.Deployment;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.AppHost.Aspire;

/// <summary>The default farm with all services, as Aspire's model. Nothing is started.</summary>
public sealed class FarmResourcesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("wpfarm-aspire-").FullName;
    private readonly Farm _farm = Farm.Build(new FarmOptions());
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    public FarmResourcesTests()
    {
        var instance = new FarmInstance(_root, "aspire");
        RenderedFiles.Write(_farm, instance.Folder);
        var tags = _farm
            .Services.Select(s => s.Image)
            .OfType<Image.FirstParty>()
            .Select(image => image.Folder)
            .Distinct()
            .ToDictionary(folder => folder, _ => "1a2b3c");
        using var engine = Engine.Connect();
        FarmAppHost.AddResources(_builder, new PreparedFarm(_farm, new ImageTags(tags)), instance, engine);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void EveryReplica_IsAResourceBelowItsLayer()
    {
        Assert.All(_farm.Services, service =>
        {
            var replicas = ReplicasOf(service);
            Assert.Equal(service.IsJob ? 1 : service.Replicas.Min, replicas.Count);
            Assert.All(replicas, replica =>
                Assert.IsType<LayerResource>(
                    replica.Annotations.OfType<ResourceRelationshipAnnotation>().Last(r => r.Type == "Parent").Resource
                )
            );
        });
    }

    [Fact]
    public void OnlyTheOrchestrator_IsNoContainer() =>
        Assert.Equal("orchestrator", Assert.Single(_builder.Resources.OfType<ProjectResource>()).Name);

    [Fact]
    public void Replicas_ShareTheNameOfTheirService()
    {
        var pool = _farm.Find("pool-bronze")!;

        Assert.Equal(["pool-bronze-1", "pool-bronze-2"], ReplicasOf(pool).Select(r => r.Name));
        Assert.All(ReplicasOf(pool), replica =>
            Assert.Contains(replica.Annotations.OfType<ContainerNetworkAliasAnnotation>(), a => a.Alias == "pool-bronze")
        );
    }

    [Fact]
    public void EveryDependency_IsWaitedFor()
    {
        var redis = Assert.Single(ReplicasOf(_farm.Find("redis-cluster")!));

        Assert.Equal(
            ["redis-1", "redis-2", "redis-3", "redis-4", "redis-5", "redis-6"],
            redis
                .Annotations.OfType<WaitAnnotation>()
                .Where(wait => wait.WaitType is WaitType.WaitUntilHealthy)
                .Select(wait => wait.Resource.Name)
                .Distinct()
                .Order()
        );
    }

    [Fact]
    public void EveryFileAndSecret_IsMountedReadOnlyFromTheInstance()
    {
        Assert.All(_farm.Services.SelectMany(s => ReplicasOf(s).OfType<ContainerResource>().Select(r => (Service: s, Resource: r))), pair =>
        {
            var mounts = pair
                .Resource.Annotations.OfType<ContainerMountAnnotation>()
                .Where(m => m.Source?.StartsWith(_root, StringComparison.Ordinal) == true)
                .ToList();
            Assert.Equal(
                pair.Service.Files.Select(f => f.Path).Concat(pair.Service.Secrets.Select(s => $"{pair.Service.SecretsFolder}/{s}")),
                mounts.Select(m => m.Target)
            );
            Assert.All(mounts, mount => Assert.True(mount.IsReadOnly));
        });
    }

    [Fact]
    public void EveryVolume_IsMountedWhereTheServiceWantsIt()
    {
        Assert.All(_farm.Services.SelectMany(s => ReplicasOf(s).OfType<ContainerResource>().Select(r => (Service: s, Resource: r))), pair =>
            Assert.Equal(
                pair.Service.Mounts.Select(m => (m.HostPath ? m.Source : $"wpfarm-aspire_{m.Source}", m.Target, m.ReadOnly)),
                pair.Resource.Annotations.OfType<ContainerMountAnnotation>()
                    .Where(m => m.Source?.StartsWith(_root, StringComparison.Ordinal) != true)
                    .Select(m => (m.Source!, m.Target, m.IsReadOnly))
            )
        );
    }

    [Fact]
    public void EveryPublishedPort_IsAnEndpoint()
    {
        Assert.All(_farm.Services, service =>
            Assert.All(service.Ports, port =>
                Assert.Equal(
                    ReplicasOf(service).Select((_, replica) => (int?)(port.Host + replica)),
                    ReplicasOf(service)
                        .Select(r =>
                            r.Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == PublishedPorts.EndpointName(port)).Port
                        )
                )
            )
        );
    }

    [Fact]
    public async Task EveryVariable_IsSet()
    {
        foreach (var (service, replica) in _farm.Services.SelectMany(s => ReplicasOf(s).OfType<ContainerResource>().Select(r => (s, r))))
        {
            var variables = await VariablesAsync(replica);
            Assert.All(service.Environment, variable => Assert.Equal(variable.Value, variables[variable.Key]));
        }
    }

    [Fact]
    public async Task TheOrchestrator_ReachesEveryServiceThroughAPortOfThisMachine()
    {
        var variables = await VariablesAsync(_builder.Resources.OfType<ProjectResource>().Single());

        var primary = Assert.IsType<EndpointReference>(variables["database__addresses__mariadb-p1"]);
        Assert.Equal(("mariadb-p1", "tcp", 3306), (primary.Resource.Name, primary.Scheme, primary.TargetPort));
        var agent = Assert.IsType<EndpointReference>(variables["database__agents__mariadb-scratch"]);
        Assert.Equal(("mariadb-scratch", "http", 9201), (agent.Resource.Name, agent.Scheme, agent.TargetPort));
        Assert.Equal("haproxy", Assert.IsType<EndpointReference>(variables["cron__balancer"]).Resource.Name);
        Assert.Equal("engine-proxy", Assert.IsType<EndpointReference>(variables["engine__api"]).Resource.Name);
        Assert.Equal("object-storage", Assert.IsType<EndpointReference>(variables["backups__store__endpoint"]).Resource.Name);
        Assert.Equal("mariadb-p2", variables["database__primaries__1"]);
        Assert.Equal("wpfarm-aspire", variables["Engine__Project"]);
    }

    [Fact]
    public void TheInstallation_WaitsForTheOrchestrator() =>
        Assert.Contains(ReplicasOf(_farm.Find("wordpress-install")!).Single().Annotations.OfType<WaitAnnotation>(), wait =>
            wait.Resource is ProjectResource
        );

    [Fact]
    public void EveryReplica_IsWatchedAsWhatItIs()
    {
        var watched = _builder.Resources.Watched().ToDictionary(resource => resource.Name);

        Assert.Equal(_farm.Services.SelectMany(ReplicasOf).Select(resource => resource.Name).Order(), watched.Keys.Order());
        Assert.All(_farm.Services, service =>
            Assert.All(ReplicasOf(service), replica =>
                Assert.Equal(service.IsJob ? ResourceRole.Job : ResourceRole.Service, watched[replica.Name].Role)
            )
        );
        Assert.Contains("orchestrator", watched["wordpress-install"].WaitsFor);
    }

    [Fact]
    public void AdministratorsPasswords_AreSecret()
    {
        var passwords = _builder.Resources.OfType<ParameterResource>().ToList();

        Assert.Equal(["blog-admin-password", "shop-admin-password"], passwords.Select(p => p.Name).Order());
        Assert.All(passwords, password => Assert.True(password.Secret));
    }

    private List<IResource> ReplicasOf(Service service) =>
        _builder
            .Resources.Where(r => r is ProjectResource or ContainerResource)
            .Where(r =>
                r.Name == service.Name || (service.Replicas.Min > 1 && r.Name.StartsWith($"{service.Name}-", StringComparison.Ordinal))
            )
            .ToList();

    private async Task<Dictionary<string, object>> VariablesAsync(IResource resource)
    {
        var context = new EnvironmentCallbackContext(_builder.ExecutionContext, resource);
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await callback.Callback(context);
        return context.EnvironmentVariables;
    }
}
