using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WpFarm.AppHost.Aspire;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment.Secrets;
using WpFarm.Orchestrator;
using WpFarm.ServiceDefaults;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.AppHost.Aspire;

/// <summary>The Orchestrator's secrets, files and addresses, as a process of this machine gets them: all, whatever their names.</summary>
public sealed class ProcessSettingsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("wpfarm-settings-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static TheoryData<string> Farms => [.. s_farms.Keys];

    private static readonly BackupStoreOptions s_elsewhere = new()
    {
        Endpoint = "https://s3.example.com",
        Bucket = "backups",
        AccessKey = "key",
    };

    private static readonly Dictionary<string, FarmOptions> s_farms = new()
    {
        ["default"] = new(),
        ["without backups"] = new() { Storage = new() { ObjectStorage = ObjectStorageKind.None } },
        ["without drills and uploads"] = new()
        {
            Backups = new()
            {
                Drill = new() { Enabled = false },
                Uploads = new() { Enabled = false },
            },
        },
        ["backups elsewhere"] = new()
        {
            Backups = new() { Store = s_elsewhere, OffSite = s_elsewhere with { Bucket = "copies" } },
        },
        ["scaled"] = new()
        {
            Tiers = new Dictionary<string, TierOptions>
            {
                ["bronze"] = new() { Scaling = new() { Enabled = true } },
                ["silver"] = new(),
            },
        },
        ["unobserved"] = new() { Observability = new() { Enabled = false } },
        ["ProxySQL"] = new() { Database = new() { Proxy = DatabaseProxy.ProxySql } },
    };

    [Theory]
    [MemberData(nameof(Farms))]
    public void TheOrchestrator_StartsWithWhatItIsGiven(string name)
    {
        var farm = Farm.Build(s_farms[name]);
        using var orchestrator = Start(Read(farm.Find("orchestrator")!, farm));

        Assert.NotEmpty(orchestrator.Services.GetServices<IHostedService>());
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void EverySecretAndFile_IsNamedByASettingAndIsThere(string name)
    {
        var farm = Farm.Build(s_farms[name]);
        var orchestrator = farm.Find("orchestrator")!;
        var texts = Read(orchestrator, farm).Values.OfType<ProcessSetting.Text>().Select(text => text.Value).ToList();

        Assert.All(orchestrator.Secrets, secret => Assert.Contains(SecretPath(secret), texts));
        Assert.All(texts.Where(Path.IsPathRooted), path => Assert.True(File.Exists(path), path));
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void NoAddress_IsAServicesOwnName(string name)
    {
        var farm = Farm.Build(s_farms[name]);

        Assert.All(Read(farm.Find("orchestrator")!, farm).Where(setting => setting.Value is ProcessSetting.Text), setting =>
            Assert.False(IsAddressIn(farm, ((ProcessSetting.Text)setting.Value).Value), $"{setting.Key}: {setting.Value}")
        );
    }

    /// <summary>A default would be the container's, and wrong elsewhere without anybody having been told.</summary>
    [Fact]
    public void NoSetting_HasAFileOrAnAddressAsItsDefault()
    {
        var sections = typeof(OrchestratorSettings)
            .Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(OrchestratorSettings).Namespace && type.GetConstructor([]) is not null)
            .ToList();

        Assert.Contains(typeof(DatabaseSettings), sections);
        Assert.All(sections, type => Assert.All(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => Assert.False(
                    property.GetValue(Activator.CreateInstance(type)) switch
                    {
                        string text => Path.IsPathRooted(text) || Uri.IsWellFormedUriString(text, UriKind.Absolute),
                        Uri => true,
                        _ => false,
                    },
                    $"{type.Name}.{property.Name}"
                )));
    }

    [Fact]
    public void ASecretThatNoSettingNames_IsAnError() =>
        Refuses("no setting names /run/secrets/another", service => service with { Secrets = [.. service.Secrets, "another"] });

    [Fact]
    public void ASettingThatNamesASecretWhichIsNotGiven_IsAnError() =>
        Refuses("backups__keyFile is /run/secrets/backup-key, which the model does not give to it", service =>
            service with
            {
                Secrets = [.. service.Secrets.Where(secret => secret != Secret.BackupKey)],
            }
        );

    [Fact]
    public void AFileThatNoSettingNames_IsAnError() =>
        Refuses("no setting names /etc/farm/another.json", service =>
            service with
            {
                Files = [.. service.Files, new("/etc/farm/another.json", "{}")],
            }
        );

    [Fact]
    public void AVolume_IsAnError() =>
        Refuses("uploads cannot be mounted at /srv", service => service with { Mounts = [new("uploads", "/srv")] });

    private void Refuses(string words, Func<Service, Service> change)
    {
        var farm = Farm.Build(new FarmOptions());

        var error = Assert.Throws<InvalidOperationException>(() => Read(change(farm.Find("orchestrator")!), farm));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private SortedDictionary<string, ProcessSetting> Read(Service service, Farm farm)
    {
        new SecretStore(SecretsFolder).Generate(farm.Secrets);
        foreach (var file in service.Files)
            File.WriteAllText(FilePath(file), file.Content);
        return new ProcessSettings(service, FilePath, SecretPath).Read(OrchestratorSettings.Path);
    }

    private string SecretsFolder => Path.Combine(_root, "secrets");

    private string SecretPath(string secret) => Path.Combine(SecretsFolder, secret);

    private string FilePath(MountedFile file) => Path.Combine(_root, Path.GetFileName(file.Path));

    /// <summary>Registered as in its program, and told what Aspire tells it.</summary>
    private static WebApplication Start(SortedDictionary<string, ProcessSetting> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting =>
                KeyValuePair.Create(
                    setting.Key.Replace("__", ":", StringComparison.Ordinal),
                    setting.Value switch
                    {
                        ProcessSetting.Address address => $"{address.Scheme}://localhost:{30000 + address.Port}",
                        ProcessSetting.Text text => text.Value,
                        _ => null,
                    }
                )
            )
        );
        builder.AddServiceDefaults();
        builder.AddFeatures();
        return builder.Build();
    }

    private static bool IsAddressIn(Farm farm, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && farm.Find(address.Host) is not null;
}
