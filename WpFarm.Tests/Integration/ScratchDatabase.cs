using System.Net;
using System.Text.RegularExpressions;
using WpFarm.Orchestrator.Database.Seeding;
using WpFarm.Tests.Orchestrator;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// A server of the farm's image beside the farm, with the farm's secrets and on its network; no server follows it. It starts empty and
/// read-only, and is removed with its data.
/// </summary>
public sealed partial class ScratchDatabase(SharedFarm farm) : IAsyncLifetime
{
    private const string Name = "mariadb-scratch-test";
    private const string Like = "mariadb-r2";
    private const string Tmpfs = "uid=3306,gid=3306,mode=0755";

    private readonly string _configuration = Path.Combine(Path.GetTempPath(), $"{Name}-{Environment.ProcessId}.cnf");

    internal DatabaseAgent Agent { get; private set; } = null!;

    internal IPAddress Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await RemoveAsync();
        var like = (await farm.ContainersAsync(Like))[0];
        var configuration = await SharedFarm.DockerAsync("exec", like, "cat", "/etc/farm/my.cnf");
        await File.WriteAllTextAsync(
            _configuration,
            OwnNumbers().Replace(configuration, "${name}1").Replace($"= {Like}", $"= {Name}", StringComparison.Ordinal)
        );
        await SharedFarm.DockerAsync([
            "run",
            "--detach",
            "--name",
            Name,
            "--restart",
            "unless-stopped",
            "--network",
            $"{farm.Instance.Project}_{Network.Database.ToString().ToLowerInvariant()}",
            "--read-only",
            "--cap-drop",
            "ALL",
            "--tmpfs",
            $"/run/mysqld:size=4m,{Tmpfs}",
            "--tmpfs",
            $"/tmp:size=16m,{Tmpfs}",
            "--volume",
            $"{Name}:/var/lib/mysql",
            "--volume",
            $"{_configuration}:/etc/farm/my.cnf:ro",
            .. new[] { Secret.Replication, Secret.Orchestrator, Secret.SitesAdmin, Secret.Monitor }.SelectMany(secret =>
                new[] { "--volume", $"{farm.Secrets.PathOf(secret)}:/run/secrets/{secret}:ro" }
            ),
            await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", like),
        ]);
        await StartsAsync();
        (Address, Agent) = (await AddressOfAsync(Name), await AgentOfAsync(Name, Name));
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveAsync();
        File.Delete(_configuration);
    }

    /// <summary>The agent of one of the farm's servers.</summary>
    internal async Task<DatabaseAgent> AgentOfAsync(string server) => await AgentOfAsync((await farm.ContainersAsync(server))[0], server);

    /// <returns>The output: rows without column names, columns separated by tabs.</returns>
    internal static Task<string> SqlAsync(string statements) =>
        SharedFarm.DockerAsync("exec", Name, "mariadb", "--skip-column-names", "--batch", "--execute", statements);

    /// <summary>Resets the server to its initial state: empty, without a GTID position, read-only.</summary>
    internal static async Task EmptyAsync()
    {
        var databases = await SqlAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'wp\\_%'");
        await SqlAsync(
            "SET sql_log_bin = 0; "
                + $"{string.Concat(
                    databases.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(database => $"DROP DATABASE {database}; ")
                )} "
                + "RESET MASTER; SET GLOBAL gtid_slave_pos = ''; SET GLOBAL read_only = 1"
        );
    }

    /// <summary>Waits until the server answers and has finished its startup work.</summary>
    internal static Task StartsAsync() =>
        SharedFarm.EventuallyAsync($"{Name} has started", async () =>
            await AnswersAsync("SELECT 1")
            && await SqlAsync("SHOW CREATE USER orchestrator@'%'") is var user
            && user.Contains("orchestrator", StringComparison.Ordinal)
            && !user.Contains("ACCOUNT LOCK", StringComparison.Ordinal)
        );

    internal static async Task<bool> AnswersAsync(string query) =>
        (await SharedFarm.RunAsync("docker", ["exec", Name, "mariadb", "--execute", query])).ExitCode == 0;

    internal static Task<string> ShellAsync(string script) => SharedFarm.DockerAsync("exec", Name, "bash", "-c", script);

    private async Task<DatabaseAgent> AgentOfAsync(string container, string server)
    {
        var options = TestSettings.Database with { PasswordFile = farm.Secrets.PathOf(Secret.Orchestrator) };
        return new(
            new(server, ServerRole.Replica),
            new UriBuilder(Uri.UriSchemeHttp, (await AddressOfAsync(container)).ToString(), 9201).Uri,
            options,
            TimeProvider.System
        );
    }

    private static async Task<IPAddress> AddressOfAsync(string container) =>
        IPAddress.Parse(
            await SharedFarm.DockerAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)
        );

    private static async Task RemoveAsync()
    {
        await SharedFarm.RunAsync("docker", ["rm", "--force", "--volumes", Name]);
        await SharedFarm.RunAsync("docker", ["volume", "rm", "--force", Name]);
    }

    [GeneratedRegex(@"(?<name>^(server_id|gtid_domain_id) *= *)\d+", RegexOptions.Multiline)]
    private static partial Regex OwnNumbers();
}
