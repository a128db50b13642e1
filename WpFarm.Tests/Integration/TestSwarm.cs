using System.Diagnostics;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Tests.Deployment.Machine;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// A swarm of three nodes, each an engine in a container of this machine, with a registry of their own and a farm.json. Started once for
/// all tests that need a swarm, and removed after them.
/// </summary>
public sealed class TestSwarm : IAsyncLifetime
{
    public const string Name = "swarm-test";

    private static readonly string s_nodes = Path.Combine(RepositoryRoot.Find(), "WpFarm.Tests", "Integration", "Swarm", "nodes");

    /// <summary>Addresses of the nodes.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public string Registry { get; private set; } = "";

    public string FarmFile { get; } = Path.Combine(Path.GetTempPath(), $"wpfarm-swarm-test-{Environment.ProcessId}.json");

    /// <summary>Environment that makes the docker client use the first node, a manager.</summary>
    public Dictionary<string, string> Manager => new() { ["DOCKER_HOST"] = $"tcp://{Addresses[0]}:2375" };

    public async ValueTask InitializeAsync()
    {
        await EnsureEngineAsync();
        var output = await SharedFarm.SucceedsAsync(SharedFarm.RunAsync(s_nodes, ["up"]));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (Addresses, Registry) = (lines[^4..^1], lines[^1]);
    }

    /// <summary>On a machine that has nothing yet: installs the engine, and builds the base of the nodes' image.</summary>
    private static async Task EnsureEngineAsync()
    {
        var (root, progress) = (RepositoryRoot.Find(), new Quiet());
        using var engine = await new Engine(progress).EnsureLocalAsync(CancellationToken.None);
        // Any image brings the base.
        await new ImageBuilder(engine, new ImageSources(root), root, progress).BuildAsync(
            [new Image.FirstParty("memcached")],
            CancellationToken.None
        );
    }

    public async ValueTask DisposeAsync()
    {
        await SharedFarm.RunAsync(s_nodes, ["down"]);
        var folder = new FarmInstance(RepositoryRoot.Find(), Name).Folder;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        File.Delete(FarmFile);
    }

    /// <summary>Runs the docker client on the swarm.</summary>
    public async Task<string> DockerAsync(params string[] arguments)
    {
        var (exitCode, output) = await SharedFarm.RunAsync("docker", arguments, Manager);
        Assert.True(exitCode == 0, $"docker {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output.Trim();
    }

    /// <summary>Runs the farm command as an operator at one of the managers does.</summary>
    /// <summary>Starts a command that runs until it is killed, and whose output is read.</summary>
    public Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(Path.Combine(RepositoryRoot.Find(), "farm"), [.. arguments, "--name", Name, "--file", FarmFile])
            {
                RedirectStandardOutput = true,
                Environment = { ["DOCKER_HOST"] = Manager["DOCKER_HOST"] },
            }
        )!;

    public Task<(int ExitCode, string Output)> FarmAsync(params string[] arguments) =>
        SharedFarm.RunAsync(Path.Combine(RepositoryRoot.Find(), "farm"), [.. arguments, "--name", Name, "--file", FarmFile], Manager);

    /// <summary>Runs <c>./farm deploy</c> with images that are built here.</summary>
    public Task<(int ExitCode, string Output)> DeployAsync(params string[] arguments) =>
        FarmAsync(["deploy", "--first-party", .. arguments]);
}

/// <summary>Stops the shared farm: together with the swarm it overloads a small machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[TestClassOrderer(typeof(Run.StageOrder))]
public sealed class SwarmCollection : ICollectionFixture<TestSwarm>
{
    public const string Name = "farm 2: on a swarm";
}
