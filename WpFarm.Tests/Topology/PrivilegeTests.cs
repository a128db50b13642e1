using System.Text.RegularExpressions;
using WpFarm.Deployment.Compose;
using WpFarm.Tests.Architecture;
using WpFarm.Tests.Topology.RenderedFarms;
using WpFarm.Topology;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace WpFarm.Tests.Topology;

/// <summary>
/// What a container may do beyond the least: nothing, except what its service names a reason for. Reads the manifests as a host does.
/// </summary>
public sealed partial class PrivilegeTests
{
    private const string NoNewPrivileges = "no-new-privileges:true";

    /// <summary>Keys of a service in a manifest that would open the host to it, or give it more than its model says.</summary>
    private static readonly string[] s_forbidden =
    [
        "cgroup",
        "cgroup_parent",
        "device_cgroup_rules",
        "devices",
        "group_add",
        "ipc",
        "network_mode",
        "oom_kill_disable",
        "pid",
        "privileged",
        "runtime",
        "userns_mode",
        "uts",
        "volumes_from",
    ];

    public static TheoryData<string> Farms => EveryFarm.Names;

    [Theory]
    [MemberData(nameof(Farms))]
    public void Every_service_drops_all_capabilities_and_adds_those_of_the_model(string farm)
    {
        foreach (var (manifest, service, written) in Written(farm))
        {
            Assert.True(Words(written, "cap_drop") is ["ALL"], $"{manifest}: {service.Name} keeps capabilities.");
            Assert.Equal(service.Capabilities.Select(capability => capability.Name).Order(), Words(written, "cap_add").Order());
        }
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void Every_root_is_read_only_unless_the_model_says_why(string farm)
    {
        foreach (var (manifest, service, written) in Written(farm))
            Assert.True(
                (string?)written.GetValueOrDefault("read_only") == "true" || service.WritableRootReason is not null,
                $"{manifest}: {service.Name} has a writable root."
            );
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void No_service_shares_a_namespace_of_the_host_or_has_its_devices(string farm)
    {
        foreach (var (manifest, service, written) in Written(farm))
            Assert.True(!s_forbidden.Any(written.ContainsKey), $"{manifest}: {service.Name} has {string.Join(", ", written.Keys)}.");
    }

    /// <summary>A swarm ignores <c>security_opt</c>: there, the images see to it.</summary>
    [Theory]
    [MemberData(nameof(Farms))]
    public void On_an_engine_no_service_can_gain_privileges_and_none_leaves_seccomp(string farm)
    {
        foreach (var (manifest, service, written) in Written(farm))
            Assert.True(
                manifest.StartsWith("swarm/", StringComparison.Ordinal)
                    ? !written.ContainsKey("security_opt")
                    : Words(written, "security_opt") is [NoNewPrivileges],
                $"{manifest}: {service.Name} has other security options."
            );
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void A_program_in_place_of_the_entrypoint_of_a_first_party_image_cannot_gain_privileges(string farm)
    {
        foreach (var (manifest, service, written) in Written(farm).Where(entry => entry.Service.Image is Image.FirstParty))
            Assert.True(
                !written.ContainsKey("entrypoint") || Words(written, "entrypoint").Take(2).SequenceEqual(Image.FirstParty.Unprivileged),
                $"{manifest}: {service.Name} starts {string.Join(' ', Words(written, "entrypoint"))}."
            );
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void A_path_of_the_host_is_mounted_only_where_the_model_says_why(string farm)
    {
        foreach (var (manifest, service, written) in Written(farm))
        {
            var bound = ((List<object>?)written.GetValueOrDefault("volumes") ?? [])
                .Cast<Dictionary<object, object>>()
                .Where(mount => (string)mount["type"] == "bind")
                .Select(mount => (string)mount["source"])
                .Where(source => source != $"./{LiveFiles.RelativeFolder(service)}");
            Assert.Equal(service.Mounts.Where(mount => mount.HostReason is not null).Select(mount => mount.Source), bound);
        }
    }

    [Fact]
    public void Every_reason_is_a_reason()
    {
        foreach (var service in EveryFarm.Services)
        {
            string?[] reasons =
            [
                .. service.Capabilities.Select(capability => capability.Reason),
                .. service.Mounts.Select(mount => mount.HostReason),
                service.RootReason,
                service.WritableRootReason,
            ];
            Assert.All(reasons.OfType<string>(), reason => Assert.True(reason.Split(' ').Length >= 4, $"{service.Name}: '{reason}'"));
        }
    }

    /// <summary>Of an upstream image the repository does not know the user.</summary>
    [Fact]
    public void A_first_party_service_runs_as_root_only_where_the_model_says_why()
    {
        foreach (var service in EveryFarm.Services.Where(service => service.Image is Image.FirstParty))
        {
            var user = service.User ?? User().Match(Dockerfile((Image.FirstParty)service.Image)).Groups["name"].Value;
            var isRoot = user is "" or "root" || user.Split(':')[0] == "0";
            Assert.True(isRoot == service.RootReason is not null, $"{service.Name}: runs as '{user}'; RootReason: {service.RootReason}");
        }
    }

    [Fact]
    public void Every_first_party_image_starts_without_a_way_to_gain_privileges()
    {
        var start = $"ENTRYPOINT [{string.Join(", ", Image.FirstParty.Unprivileged.Select(word => $"\"{word}\""))}, \"";
        var images = Directory
            .EnumerateDirectories(Path.Combine(Project.Root, "images"))
            .Select(folder => Path.GetFileName(folder)!)
            .ToList();

        Assert.All(images.Where(image => image != "base"), image =>
        {
            var entrypoints = Dockerfile(new(image)).Split('\n').Where(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal));
            Assert.StartsWith(start, Assert.Single(entrypoints), StringComparison.Ordinal);
        });
        Assert.Equal(
            EveryFarm.Services.Select(service => service.Image).OfType<Image.FirstParty>().Select(image => image.Folder).Distinct().Order(),
            images.Where(image => image != "base").Order()
        );
    }

    /// <summary>Each service of each manifest of a farm: those that it publishes, and that of this machine.</summary>
    private static IEnumerable<(string Manifest, Service Service, Dictionary<string, object> Written)> Written(string name)
    {
        var farm = EveryFarm.ByName[name];
        var texts = RenderedFarm
            .Publish(farm)
            .Where(file => Manifest().IsMatch(file.Path))
            .Select(file => (file.Path, file.Content))
            .Append(("local", RenderedFarm.Local(farm)["compose/compose.yaml"]))
            .ToList();
        var read = new DeserializerBuilder().WithNamingConvention(NullNamingConvention.Instance).Build();
        var found = 0;
        foreach (var (path, text) in texts)
        {
            var services = (Dictionary<object, object>)read.Deserialize<Dictionary<string, object>>(text)["services"];
            foreach (var (service, written) in services)
            {
                found++;
                yield return (
                    path,
                    farm.Find((string)service)!,
                    ((Dictionary<object, object>)written).ToDictionary(key => (string)key.Key, key => key.Value)
                );
            }
        }

        Assert.Equal(3 * farm.Services.Count, found);
    }

    private static List<string> Words(Dictionary<string, object> written, string key) =>
        [.. ((List<object>?)written.GetValueOrDefault(key) ?? []).Cast<string>()];

    private static string Dockerfile(Image.FirstParty image) =>
        File.ReadAllText(Path.Combine(Project.Root, "images", image.Folder, "Dockerfile"));

    [GeneratedRegex(@"^USER (?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex User();

    [GeneratedRegex(@"^(compose/compose|swarm/[a-z]+)\.yaml$")]
    private static partial Regex Manifest();
}
