using System.Diagnostics;
using System.Net.Http.Headers;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Contracts.Settings;
using WpFarm.Deployment;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;
using WpFarm.Tests.Deployment.Machine;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// One real farm for all integration tests, started by the real <c>./farm up</c> on a real engine, and removed with its data at the
/// end. It has its own name and free ports, so that other farms can run beside it.
/// <c>WPFARM_TEST_KEEP=1</c> keeps it for the next run, for work on a test.
/// </summary>
public sealed class SharedFarm : IAsyncLifetime
{
    public const string Collection = "farm 1: shared by all tests";

    /// <summary>Set by <c>WPFARM_TEST_NAME</c>, for a second run on the same machine.</summary>
    public static string Name { get; } = Environment.GetEnvironmentVariable("WPFARM_TEST_NAME") ?? "test";

    private static readonly bool s_keep = Environment.GetEnvironmentVariable("WPFARM_TEST_KEEP") == "1";

    /// <summary>Limit for any one program. The longest, the first <c>./farm up</c> on an empty machine, takes 6 min.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(20);

    /// <summary>
    /// Limit for any one condition: far more than needed, because a short limit fails because of the machine, not of the farm.
    /// </summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly string _farmFile = Path.Combine(Path.GetTempPath(), $"wpfarm-test-{Environment.ProcessId}.json");

    public FarmInstance Instance { get; } = new(RepositoryRoot.Find(), Name);

    /// <summary>The running services, with the ports that were chosen.</summary>
    public Farm Farm { get; private set; } = null!;

    public SecretStore Secrets => new(Instance.SecretsFolder);

    public Site Blog => Farm.Sites.Single(s => s.Id == "blog");

    public Site Shop => Farm.Sites.Single(s => s.Id == "shop");

    /// <summary>The farm's farm.json.</summary>
    public string FarmFile => _farmFile;

    private string[] UpArguments => ["up", "--detach", "--free-ports", "--name", Name, "--file", _farmFile];

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_farmFile, "{}");
        if (!s_keep)
            await RunFarmAsync("down", "--volumes", "--yes", "--name", Name);
        await UpAsync();
        await LookAsync();
        using var visitor = Browser();
        foreach (var site in Farm.Sites)
            await ShowsAsync(visitor, site.Url, site.Title);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_farmFile);
        if (s_keep)
            return;
        await RunFarmAsync("down", "--volumes", "--yes", "--name", Name);
    }

    /// <summary>Reads which services run, and at which ports.</summary>
    /// <param name="farmFile">Path of farm.json; null for the farm's own.</param>
    public async Task LookAsync(string? farmFile = null) => Farm = await LookAsync(Instance, farmFile ?? _farmFile);

    public static async Task<Farm> LookAsync(FarmInstance instance, string farmFile) =>
        (await new FarmRunbook(RepositoryRoot.Find(), instance, new Quiet()).StatusAsync(farmFile, CancellationToken.None)).Farm;

    /// <summary>Runs <c>./farm up</c>, which starts or repairs the farm.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> UpAsync() => SucceedsAsync(RunFarmAsync(UpArguments));

    /// <summary>Runs PHP on the command line of a pool's container, as a site, with WordPress loaded.</summary>
    public static Task<string> PhpAsync(string container, Site site, string work) =>
        DockerAsync(
            "exec",
            container,
            "farm-wordpress",
            "as",
            site.Id,
            "php",
            "-r",
            $"require '/usr/share/wordpress/wp-load.php'; {work};"
        );

    /// <summary>
    /// Waits until a page contains a text. After a disturbance, the first answer may come from a cache, or from a balancer without a pool.
    /// </summary>
    public static Task ShowsAsync(HttpClient visitor, string page, string text) => EventuallyAsync($"{page} shows '{text}'", async () =>
        {
            try
            {
                using var answer = await visitor.GetAsync(new Uri(page));
                return answer.IsSuccessStatusCode && (await answer.Content.ReadAsStringAsync()).Contains(text, StringComparison.Ordinal);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        });

    /// <summary>Starts <c>./farm up</c> for a test that ends it itself.</summary>
    public Process StartUp() => Process.Start(new ProcessStartInfo(Path.Combine(RepositoryRoot.Find(), "farm"), UpArguments))!;

    public Task<(int ExitCode, string Output)> StatusAsync() => RunFarmAsync("status", "--json", "--name", Name, "--file", _farmFile);

    public string[] RotationArguments(params string[] secrets) =>
        ["secrets", "rotate", .. secrets, "--yes", "--name", Name, "--file", _farmFile];

    public static Task<(int ExitCode, string Output)> RunFarmAsync(params string[] arguments) =>
        RunAsync(Path.Combine(RepositoryRoot.Find(), "farm"), arguments);

    /// <summary>Runs a command on this farm.</summary>
    public Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments) =>
        RunFarmAsync([.. arguments, "--name", Name, "--file", _farmFile]);

    /// <summary>The Orchestrator's status of the backups.</summary>
    public async Task<BackupStatus> BackupsAsync()
    {
        using var orchestrator = new OrchestratorApi(Farm, Instance);
        return await orchestrator.SendAsync(BackupRoutes.Status, CancellationToken.None);
    }

    /// <summary>Waits until everything up to a moment can be restored.</summary>
    public Task RecoverableAsync(DateTimeOffset moment) =>
        EventuallyAsync($"{moment:HH:mm:ss} can be recovered", () => RecoversAsync(moment));

    /// <summary>True when everything up to the moment can be restored. False also when the Orchestrator does not answer.</summary>
    /// <param name="moment">Null for any moment.</param>
    public async Task<bool> RecoversAsync(DateTimeOffset? moment = null)
    {
        try
        {
            return await BackupsAsync() is { RecoverableUntil: { } until } && until > (moment ?? DateTimeOffset.MinValue);
        }
        catch (OperationFailedException)
        {
            return false;
        }
    }

    /// <summary>The Orchestrator's status of the database.</summary>
    public async Task<DatabaseStatus> DatabaseAsync()
    {
        using var orchestrator = new OrchestratorApi(Farm, Instance);
        return await orchestrator.SendAsync(DatabaseRoutes.Status, CancellationToken.None);
    }

    public Task DatabaseIsWellAsync() => EventuallyAsync("the database is well", async () => (await DatabaseAsync()).Problems.Count == 0);

    public static async Task<string> DockerAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync("docker", arguments);
        Assert.True(exitCode == 0, $"docker {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output.Trim();
    }

    /// <returns>The program's output.</returns>
    internal static async Task<string> SucceedsAsync(Task<(int ExitCode, string Output)> run)
    {
        var (exitCode, output) = await run;
        Assert.True(exitCode == 0, $"it ended with {exitCode}:\n{output}");
        return output;
    }

    /// <summary>Primaries and read replicas: the servers with the sites' data.</summary>
    public IEnumerable<string> ReplicatedServers =>
        Farm
            .Services.Select(service => service.Name)
            .Where(name => name.StartsWith("mariadb-", StringComparison.Ordinal) && name != "mariadb-scratch");

    /// <summary>The database server that accepts writes.</summary>
    public async Task<string> WriterAsync()
    {
        string? writer = null;
        // An observation that took too long names no writer.
        await EventuallyAsync("a server takes writes", async () => (writer = (await DatabaseAsync()).Writer) is not null);
        return writer!;
    }

    /// <summary>Ids of a service's containers, running or not.</summary>
    public async Task<string[]> ContainersAsync(string service) =>
        [.. await new ComposeContainers(Instance).IdsAsync(service, CancellationToken.None)];

    /// <summary>The farm's object storage, accessed with its key.</summary>
    public async Task<ObjectStoreSettings> ObjectStorageAsync(string bucket) =>
        await ReachableStore.OfAsync(Farm, Instance, CancellationToken.None) with
        {
            Bucket = bucket,
        };

    /// <summary>A browser without cookies that resolves every host name to this farm's edge.</summary>
    public HttpClient Browser() => Browser(Farm);

    public static HttpClient Browser(Farm farm)
    {
        var handler = Edge.At("127.0.0.1", farm.Options.Edge.HttpPort);
        (handler.AllowAutoRedirect, handler.UseCookies) = (false, true);
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Orchestrator()
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Farm.Options.Management.OrchestratorPort}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secrets.Read(Secret.ApiToken));
        return client;
    }

    /// <summary>Polls until the condition holds, with a limit that suits slow machines.</summary>
    public static Task EventuallyAsync(string what, Func<Task<bool>> condition) => EventuallyAsync(what, s_patience, condition);

    /// <summary>
    /// Polls ten times a second. Where a poll takes longer than the pause, pauses as long as the poll took: a poll may start programs, and
    /// the awaited event needs the same two cores.
    /// </summary>
    /// <param name="limit">The time within which the farm promises the condition.</param>
    public static async Task EventuallyAsync(string what, TimeSpan limit, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        for (var look = started; !await condition(); look = Stopwatch.GetTimestamp())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < limit, $"Not within {limit.TotalSeconds:0.#} s: {what}");
            var took = Stopwatch.GetElapsedTime(look);
            await Task.Delay(took > s_pause ? took : s_pause);
        }
    }

    internal static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        // Standard input is closed: no person can answer a question.
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await Task.WhenAll(output, errors, process.WaitForExitAsync()).WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"{program} {string.Join(' ', arguments)} did not end within {s_limit.TotalMinutes:0} min:\n{await output}{await errors}"
            );
        }

        return (process.ExitCode, await output + await errors);
    }
}

[CollectionDefinition(SharedFarm.Collection, DisableParallelization = true)]
[TestClassOrderer(typeof(StageOrder))]
public sealed class SharedFarmCollection : ICollectionFixture<SharedFarm>, IClassFixture<HealthyFarm>;
