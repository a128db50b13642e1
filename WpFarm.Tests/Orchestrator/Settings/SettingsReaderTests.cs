using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Settings;
using WpFarm.Tests.Topology;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;
using WpFarm.Topology.Layers;

namespace WpFarm.Tests.Orchestrator.Settings;

/// <summary>The settings file that Topology writes, as the Orchestrator reads it.</summary>
public sealed class SettingsReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wpfarm-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Farms => [.. s_farms.Keys];

    private static readonly Dictionary<string, Func<Farm>> s_farms = new()
    {
        ["default"] = () => TestFarms.OneBox,
        ["own images only"] = () => Farm.Build(new(), UpstreamImages.All.ToHashSet()),
        ["15 nodes"] = () => TestFarms.OnNodes(15),
        ["backups off"] = () => Farm.Build(new() { Backups = new() { Enabled = false } }),
        ["without read replicas"] = () => Farm.Build(new() { Database = new() { ReadReplicas = 0 } }),
        ["backups elsewhere"] = () =>
            Farm.Build(
                new()
                {
                    Backups = new() { Store = Elsewhere("backups"), OffSite = Elsewhere("copies") },
                }
            ),
        ["scaled"] = () =>
            Farm.Build(
                new()
                {
                    Tiers = new Dictionary<string, TierOptions> { ["bronze"] = new() { Scaling = new() { Enabled = true } } },
                    Sites = new Dictionary<string, SiteOptions> { ["blog"] = new() { Tier = "bronze" } },
                }
            ),
    };

    [Theory]
    [MemberData(nameof(Farms))]
    public void What_Topology_writes_is_read_without_loss(string name)
    {
        var written = Written(s_farms[name]());

        Assert.Equal(written, SettingsJson.Write(Read(written)));
    }

    [Fact]
    public void A_missing_key_is_named_with_its_path() =>
        Assert.Equal(["Database:Primaries is missing."], Problems(file => file["database"]!.AsObject().Remove("primaries")));

    [Fact]
    public void A_missing_section_is_named_with_each_of_its_required_keys() =>
        Assert.Equal(["Farm:File is missing.", "Farm:MissingImages is missing."], Problems(file => file.Remove("farm")));

    [Fact]
    public void An_unknown_key_is_named_with_its_path_and_the_keys_that_there_are() =>
        Assert.Equal(
            ["Api:tokenFiles is unknown. Known here: TokenFile."],
            Problems(file => file["api"]!["tokenFiles"] = "/run/secrets/token")
        );

    [Fact]
    public void An_unknown_section_of_the_file_is_named() =>
        Assert.StartsWith("backup is unknown.", Assert.Single(Problems(file => file["backup"] = new JsonObject())));

    [Fact]
    public void All_problems_are_told_at_once_with_the_file()
    {
        var error = Assert.Throws<InvalidSettingsException>(() =>
            Read(
                Changed(file =>
                {
                    file["backups"]!["kep"] = 1;
                    file["backups"]!.AsObject().Remove("store");
                    file["database"]!["port"] = "many";
                })
            )
        );

        Assert.Equal(
            [
                "Backups:Store:AccessKey is missing.",
                "Backups:Store:Bucket is missing.",
                "Backups:Store:Endpoint is missing.",
                "Backups:Store:Region is missing.",
                "Backups:Store:SecretKeyFile is missing.",
                "Backups:kep is unknown.",
                "Failed to convert configuration value",
            ],
            error.Problems.Select(problem => problem.Split(" Known")[0].Split(" 'many'")[0]).Order(StringComparer.Ordinal)
        );
        Assert.Contains(OrchestratorSettings.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_out_of_range_and_files_that_are_not_there_are_named() =>
        Assert.Equal(
            [
                "The field Cron:Concurrency must be between 1 and 64.",
                "Api:TokenFile names a file that does not exist: /nowhere.",
                "Database:Agents:mariadb-p1 is missing, but mariadb-p1 is one of the database servers.",
            ],
            Problems(file =>
            {
                file["cron"]!["concurrency"] = 65;
                file["api"]!["tokenFile"] = "/nowhere";
                file["database"]!["agents"]!.AsObject().Remove("mariadb-p1");
            })
        );

    [Fact]
    public void The_environment_replaces_settings_and_may_hold_anything_else() =>
        Assert.Equal(
            "wpfarm-a",
            Read(Changed(_ => { }), ("Engine:Project", "wpfarm-a"), ("HOME", "/root"), ("Tools:Path", "/opt")).Engine.Project
        );

    [Fact]
    public void An_unknown_key_of_a_section_in_the_environment_is_named() =>
        Assert.StartsWith(
            "Engine:Projct is unknown.",
            Assert.Single(Assert.Throws<InvalidSettingsException>(() => Read(Changed(_ => { }), ("Engine:Projct", "wpfarm-a"))).Problems)
        );

    private static BackupStoreOptions Elsewhere(string bucket) =>
        new()
        {
            Endpoint = "https://s3.example.com",
            Bucket = bucket,
            AccessKey = "key",
        };

    private IReadOnlyList<string> Problems(Action<JsonObject> change) =>
        Assert.Throws<InvalidSettingsException>(() => Read(Changed(change))).Problems;

    private string Changed(Action<JsonObject> change)
    {
        var file = JsonNode.Parse(Written(TestFarms.OneBox))!.AsObject();
        change(file);
        return file.ToJsonString();
    }

    /// <summary>The settings file of a farm, with its secrets and other files in a folder of this test.</summary>
    private string Written(Farm farm)
    {
        var service = farm.Find("orchestrator")!;
        foreach (var name in service.Secrets.Concat(service.Files.Select(file => Path.GetFileName(file.Path))))
            File.WriteAllText(Path.Combine(_folder, name), "content");
        return service
            .Files.Single(file => file.Path == OrchestratorSettings.Path)
            .Content.Replace(Secret.PathOf(""), _folder + "/", StringComparison.Ordinal)
            .Replace("/etc/farm/", _folder + "/", StringComparison.Ordinal);
    }

    private OrchestratorSettings Read(string text, params (string Key, string Value)[] environment)
    {
        var path = Path.Combine(_folder, Path.GetFileName(OrchestratorSettings.Path));
        File.WriteAllText(path, text);
        return SettingsReader.Read(
            new ConfigurationBuilder()
                .AddJsonFile(path)
                .AddInMemoryCollection(environment.Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value)))
                .Build()
        );
    }
}
