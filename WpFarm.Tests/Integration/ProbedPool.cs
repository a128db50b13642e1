using System.Globalization;

namespace WpFarm.Tests.Integration;

/// <summary>
/// A further container of the silver pool with a must-use plugin of the tests. HAProxy sends the shop's visitors only to this container. A
/// request selects with <c>?probe=NAME</c> what the plugin does; see <c>probe.php</c>.
/// </summary>
public sealed class ProbedPool(SharedFarm farm) : IAsyncLifetime
{
    public const string Name = "wpfarm-test-probe";
    private const string Pool = "pool-silver";

    /// <summary>File in which the plugin counts its runs.</summary>
    public const string Count = "/var/spool/farm/probe-count";

    private string _haproxy = "";

    public async ValueTask InitializeAsync()
    {
        await SharedFarm.RunAsync("docker", ["rm", "--force", Name]);
        _haproxy = (await farm.ContainersAsync("haproxy"))[0];
        var pool = (await farm.ContainersAsync(Pool))[0];
        var image = await SharedFarm.DockerAsync("inspect", "--format", "{{.Config.Image}}", pool);
        var plugin = Path.Combine(AppContext.BaseDirectory, "Integration", "probe.php");
        await SharedFarm.DockerAsync(
            "run",
            "--detach",
            "--name",
            Name,
            "--volumes-from",
            pool,
            "--volume",
            $"{plugin}:/usr/share/wordpress/wp-content/mu-plugins/zz-probe.php:ro",
            "--tmpfs",
            "/tmp",
            "--tmpfs",
            "/run/farm",
            "--network",
            $"{farm.Instance.Project}_wordpress",
            "--network-alias",
            Pool,
            image
        );
        await SharedFarm.DockerAsync("network", "connect", $"{farm.Instance.Project}_caching", Name);
        var address = await SharedFarm.DockerAsync(
            "inspect",
            "--format",
            $"{{{{(index .NetworkSettings.Networks \"{farm.Instance.Project}_wordpress\").IPAddress}}}}",
            Name
        );
        // HAProxy takes a new address of a server for up until its checks fail: the container must answer before anybody asks it.
        await SharedFarm.EventuallyAsync("the probed container answers", async () =>
            (await SharedFarm.RunAsync("docker", ["exec", Name, "curl", "--silent", "--fail", "http://127.0.0.1:8080/healthz"])).ExitCode
            == 0
        );
        await SharedFarm.EventuallyAsync("HAProxy leads to the probed container alone", async () =>
        {
            var servers = (await ServersAsync()).ToList();
            foreach (var server in servers.Where(server => server.Address != address && server.Address != "-"))
                await TellAsync($"set server {Pool}/{server.Name} state maint");
            return servers.Exists(server => server.Address == address && server.IsUp);
        });
        using var visitor = farm.Browser();
        await SharedFarm.ShowsAsync(visitor, $"{farm.Shop.Url}/?probe=parameters&a=1&nocache={Guid.NewGuid():N}", "nocache");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in await ServersAsync())
            await TellAsync($"set server {Pool}/{server.Name} state ready");
        await SharedFarm.DockerAsync("rm", "--force", Name);
        await SharedFarm.EventuallyAsync("the pool's own containers serve again", async () =>
            (await ServersAsync()).Any(server => server.IsUp)
        );
    }

    /// <summary>Runs a program in the container.</summary>
    public static Task<string> ExecuteAsync(params string[] command) => SharedFarm.DockerAsync(["exec", Name, .. command]);

    /// <summary>Parses <c>show servers state</c>: name, address, and whether the server is up and not in maintenance.</summary>
    private async Task<IEnumerable<(string Name, string Address, bool IsUp)>> ServersAsync() =>
        from line in (await TellAsync($"show servers state {Pool}")).Split('\n')
        let column = line.Split(' ')
        where column.Length > 7 && column[1] == Pool
        select (column[3], column[4], int.Parse(column[5], CultureInfo.InvariantCulture) == 2 && column[6] == "0");

    /// <summary>Runs a command of HAProxy's master CLI on the present worker.</summary>
    private Task<string> TellAsync(string command) =>
        SharedFarm.DockerAsync(
            "exec",
            _haproxy,
            "bash",
            "-c",
            $"exec 3<> /dev/tcp/127.0.0.1/8400; printf '@1 {command}; quit\\n' >&3; cat <&3"
        );
}
