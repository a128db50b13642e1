using System.Diagnostics;
using WpFarm.Deployment;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Publishing;
using WpFarm.Tests.Topology;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Publishing;

public sealed class PublicationTests
{
    /// <summary>One box; the seed's three nodes; fifteen nodes with 500 sites.</summary>
    public static TheoryData<string> Farms => ["one-box", "3-nodes", "15-nodes"];

    [Theory]
    [MemberData(nameof(Farms))]
    public void Manifests_are_as_they_were_kept(string name)
    {
        foreach (var file in Publish(name).Where(file => !file.Path.Contains("/files/", StringComparison.Ordinal)))
            Snapshot.Match(file.Content, $"{name}/{file.Path}");
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void Publishing_again_gives_the_same_bytes(string name) => Assert.Equal(Publish(name), Publish(name));

    [Theory]
    [MemberData(nameof(Farms))]
    public void Every_file_that_a_manifest_names_is_published_with_a_relative_path(string name)
    {
        var files = Publish(name);
        foreach (var manifest in files.Where(file => file.Path.EndsWith(".yaml", StringComparison.Ordinal) && !file.Path.Contains("/files/", StringComparison.Ordinal)))
        {
            var folder = manifest.Path[..(manifest.Path.IndexOf('/', StringComparison.Ordinal) + 1)];
            var named = manifest.Content.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("file: ", StringComparison.Ordinal)).Select(line => line["file: ".Length..]).ToList();
            Assert.All(named, path => Assert.StartsWith("./", path, StringComparison.Ordinal));
            Assert.All(named.Where(path => !path.StartsWith("./secrets/", StringComparison.Ordinal)), path => Assert.Contains(files, file => file.Path == folder + path[2..]));
        }
    }

    [Theory]
    [MemberData(nameof(Farms))]
    public void No_secret_has_a_value_in_what_is_published(string name) =>
        Assert.DoesNotContain(Publish(name), file => file.Path.Contains("/secrets/", StringComparison.Ordinal));

    [Fact]
    public void Whoever_runs_compose_alone_is_told_to_make_the_containers_that_wait()
    {
        var farm = Farm.Build(new FarmOptions { Tiers = new Dictionary<string, TierOptions> { ["bronze"] = new() { Replicas = new() { Min = 2, Max = 6 }, Scaling = new() { Enabled = true } }, ["silver"] = new() } });

        Assert.Contains(
            "\n\n```\ndocker compose create --no-recreate --scale pool-bronze=6 pool-bronze\n```\n\n- ",
            Publish(farm).Single(file => file.Path == "compose/README.md").Content,
            StringComparison.Ordinal);
    }

    /// <summary>The docker command is there wherever its client is; it needs no engine for this.</summary>
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
                using var docker = Process.Start(new ProcessStartInfo("docker", ["stack", "config", "--compose-file", stack]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
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

    /// <summary>What is in the repository under <c>manifests/</c> is what <c>./farm publish</c> writes now.</summary>
    [Fact]
    public void The_manifests_of_this_repository_are_up_to_date()
    {
        var root = RepositoryRoot.Find();
        var folder = new PublishedFolder(Path.Combine(root, "manifests"));
        var files = new Publisher(root).Render(FarmRunbook.ReadFarmFile(Path.Combine(root, "farm.json")), new FarmInstance(root, FarmInstance.ProductionName), firstPartyOnly: false);
        if (Environment.GetEnvironmentVariable("WPFARM_ACCEPT") == "1")
            folder.Write(files, force: true);

        Assert.Empty(folder.Compare(files).Select(difference => $"{difference.Kind} {difference.Path}: run ./farm publish"));
    }

    private static IReadOnlyList<PublishedFile> Publish(string name) => Publish(name switch
    {
        "one-box" => TestFarms.OneBox,
        "3-nodes" => TestFarms.OnNodes(3),
        _ => TestFarms.OnNodes(15, sites: 500),
    });

    private static IReadOnlyList<PublishedFile> Publish(Farm farm)
    {
        var images = new ImageTags(farm.Services.Select(s => s.Image).OfType<Image.FirstParty>().Distinct().ToDictionary(i => i.Folder, _ => "tag"), farm.Options.Registry);
        return Publication.Of(farm, TestFarms.Project, images);
    }

    private static bool Exists(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
