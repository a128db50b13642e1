using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using WpFarm.Deployment;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Publishing;
using WpFarm.Tests.Topology;
using WpFarm.Tests.Topology.RenderedFarms;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Deployment.Publishing;

public sealed partial class PublicationTests
{
    /// <summary>A single machine; the seed's three nodes; fifteen nodes with 500 sites.</summary>
    public static TheoryData<string> Farms => ["one-box", "3-nodes", "15-nodes"];

    [Theory]
    [MemberData(nameof(Farms))]
    public void Publishing_again_gives_the_same_bytes(string name) => Assert.Equal(Publish(name), Publish(name));

    [Theory]
    [MemberData(nameof(Farms))]
    public void Every_file_that_a_manifest_names_is_published_with_a_relative_path(string name)
    {
        var files = Publish(name);
        foreach (var manifest in files.Where(IsManifest))
        {
            var named = FileReference().Matches(manifest.Content).Select(match => match.Groups["path"].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, path => Assert.StartsWith("./", path, StringComparison.Ordinal));
            Assert.All(named.Where(path => !path.StartsWith("./secrets/", StringComparison.Ordinal)), path =>
                Assert.Contains(files, file => file.Path == FolderOf(manifest) + path["./".Length..])
            );
        }
    }

    /// <summary>The snapshots replace these hashes by a placeholder.</summary>
    [Theory]
    [MemberData(nameof(Farms))]
    public void Every_configuration_carries_the_hash_of_its_path_and_content_in_its_names(string name)
    {
        var contents = Publish(name).ToDictionary(file => file.Path, file => file.Content);
        foreach (var file in Publish(name).Where(IsManifest))
        {
            var manifest = RenderedManifest.Read(file.Content);
            foreach (var (_, config, target, path) in manifest.Files)
            {
                var hash = Hash($"{target}\n{contents[FolderOf(file) + path]}")[..8];
                Assert.Equal($"{Path.GetFileName(target).Replace('.', '-')}-{hash}", config);
                Assert.Equal($"files/{Path.GetFileNameWithoutExtension(target)}.{hash}{Path.GetExtension(target)}", path);
            }

            Assert.All(manifest.Configs, config => Assert.Contains(config.Value.Name, new[] { null, $"{TestFarms.Project}_{config.Key}" }));
        }
    }

    /// <summary>The snapshots hold these files only once.</summary>
    [Theory]
    [MemberData(nameof(Farms))]
    public void The_stacks_give_every_service_the_files_that_Compose_gives_it(string name)
    {
        var manifests = Publish(name).Where(IsManifest).ToLookup(FolderOf, file => RenderedManifest.Read(file.Content).Files);

        Assert.Equal(manifests["compose/"].SelectMany(files => files).Order(), manifests["swarm/"].SelectMany(files => files).Order());
        Assert.Equal(Contents("compose/"), Contents("swarm/"));

        IEnumerable<PublishedFile> Contents(string folder) =>
            Publish(name)
                .Where(file => file.Path.StartsWith(folder + "files/", StringComparison.Ordinal))
                .Select(file => file with { Path = file.Path[folder.Length..] });
    }

    /// <summary>The snapshots replace these hashes by a placeholder.</summary>
    [Theory]
    [MemberData(nameof(Farms))]
    public void Every_service_of_a_stack_carries_the_hash_of_its_definition(string name)
    {
        foreach (var stack in Publish(name).Where(file => IsManifest(file) && FolderOf(file) == "swarm/"))
        {
            var services = ServiceBlock().Matches(stack.Content[..stack.Content.IndexOf("\nnetworks:", StringComparison.Ordinal)]);
            Assert.Equal(RenderedManifest.Read(stack.Content).Services.Count, services.Count);
            foreach (var definition in services.Select(match => match.Groups["definition"].Value))
            {
                var service = definition.Replace("\n    ", "\n", StringComparison.Ordinal)[1..];
                var label = Digest().Match(service);
                Assert.Equal(Hash(service.Remove(label.Index, label.Length) + "\n")[..12], label.Groups["digest"].Value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void No_secret_has_a_value_in_what_is_published(string name) =>
        Assert.DoesNotContain(Publish(name), file => file.Path.Contains("/secrets/", StringComparison.Ordinal));

    [Fact]
    public void Whoever_runs_compose_alone_is_told_to_make_the_containers_that_wait()
    {
        var farm = Farm.Build(
            new FarmOptions
            {
                Tiers = new Dictionary<string, TierOptions>
                {
                    ["bronze"] = new()
                    {
                        Replicas = new() { Min = 2, Max = 6 },
                        Scaling = new() { Enabled = true },
                    },
                    ["silver"] = new(),
                },
            }
        );

        Assert.Contains(
            "\n\n```\ndocker compose create --no-recreate --scale pool-bronze=6 pool-bronze\n```\n\n- ",
            Publish(farm).Single(file => file.Path == "compose/README.md").Content,
            StringComparison.Ordinal
        );
    }

    /// <summary>Uses the docker command, which needs no engine for this.</summary>
    [Theory]
    [MemberData(nameof(Farms))]
    public async Task Docker_accepts_every_stack(string name)
    {
        Assert.SkipUnless(Exists("docker"), "there is no docker command");
        var folder = Directory.CreateTempSubdirectory("wpfarm-stacks-");
        try
        {
            new PublishedFolder(folder.FullName).Write(Publish(name), force: false);
            foreach (var stack in Directory.EnumerateFiles(Path.Combine(folder.FullName, "swarm"), "*.yaml"))
            {
                using var docker = Process.Start(
                    new ProcessStartInfo("docker", ["stack", "config", "--compose-file", stack])
                    {
                        RedirectStandardError = true,
                        RedirectStandardOutput = true,
                    }
                )!;
                var (output, errors) = (docker.StandardOutput.ReadToEndAsync(), docker.StandardError.ReadToEndAsync());
                await docker.WaitForExitAsync();
                Assert.True(docker.ExitCode == 0 && (await errors).Length == 0, $"{Path.GetFileName(stack)}: {await errors}");
                Assert.NotEmpty(await output);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The repository's <c>manifests/</c> folder is what <c>./farm publish</c> writes now.</summary>
    [Fact]
    public void The_manifests_of_this_repository_are_up_to_date()
    {
        var root = RepositoryRoot.Find();
        var folder = new PublishedFolder(Path.Combine(root, "manifests"));
        var files = new Publisher(root).Render(
            FarmRunbook.ReadFarmFile(Path.Combine(root, "farm.json")),
            new FarmInstance(root, FarmInstance.ProductionName),
            firstPartyOnly: false
        );
        if (Snapshot.IsAccepting)
            folder.Write(files, force: true);

        var problems = folder
            .Compare(files)
            .Select(file => $"{file.Kind} {file.Path}, {Snapshot.FirstDifference(file.Now, file.Wanted)}")
            .ToList();
        Assert.True(
            problems.Count == 0,
            $"manifests/ is not what ./farm publish writes. {Snapshot.HowToAccept}\n{string.Join('\n', problems)}"
        );
    }

    /// <summary>In other places, <c>./farm publish</c> writes the files into each folder, so that each folder can be used alone.</summary>
    [Fact]
    public void The_manifests_of_this_repository_have_the_files_once()
    {
        var folder = new DirectoryInfo(Path.Combine(RepositoryRoot.Find(), "manifests", "swarm", "files"));

        Assert.True(folder.LinkTarget == "../compose/files", $"{folder} is not a link. Delete it, and: ln -s ../compose/files {folder}");
    }

    /// <summary>
    /// Hence <c>manifests/</c> is the snapshot of the single machine, with which the snapshots of other farms are compared.
    /// </summary>
    [Fact]
    public void The_farm_of_this_repository_is_one_box()
    {
        var farm = Publisher.Design(FarmRunbook.ReadFarmFile(Path.Combine(RepositoryRoot.Find(), "farm.json")), firstPartyOnly: false);

        Assert.Equal(Publish(TestFarms.OneBox), Publish(farm));
    }

    private static IReadOnlyList<PublishedFile> Publish(string name) =>
        Publish(
            name switch
            {
                "one-box" => TestFarms.OneBox,
                "3-nodes" => TestFarms.OnNodes(3),
                _ => TestFarms.OnNodes(15, sites: 500),
            }
        );

    private static IReadOnlyList<PublishedFile> Publish(Farm farm) => RenderedFarm.Publish(farm);

    /// <summary>Parses a Compose file or a stack.</summary>
    private static bool IsManifest(PublishedFile file) =>
        file.Path.EndsWith(".yaml", StringComparison.Ordinal) && !file.Path.Contains("/files/", StringComparison.Ordinal);

    private static string FolderOf(PublishedFile manifest) => manifest.Path[..(manifest.Path.IndexOf('/', StringComparison.Ordinal) + 1)];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool Exists(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    [GeneratedRegex(@"(?<=\s|\{)file: (?<path>[^\s,}]+)")]
    private static partial Regex FileReference();

    [GeneratedRegex(@"(?m)^  [^\s:]+:(?<definition>(\n {4,}.*)+)")]
    private static partial Regex ServiceBlock();

    [GeneratedRegex("(, |\n +)wpfarm\\.digest: \"?(?<digest>[0-9a-f]{12})\"?")]
    private static partial Regex Digest();
}
