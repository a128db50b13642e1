using System.Collections.Concurrent;
using WpFarm.Tests.Integration.Run;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>
/// Tries the networks from inside the containers: every call of the model connects, and services without a common network cannot connect.
/// </summary>
[Integration(Stage.Reads)]
[Collection(SharedFarm.Collection)]
public sealed class NetworkMatrixTests(SharedFarm farm)
{
    /// <summary>Probes run in parallel, because most of them wait for answers that must not come.</summary>
    private const int CallersAtOnce = 6;

    [Fact]
    public async Task Every_call_of_the_model_connects()
    {
        var failed = new List<string>();
        foreach (var caller in Callers())
        {
            // A receiver of UDP has nothing to connect to.
            var targets = caller.Calls.Where(c => !c.Endpoint.IsUdp).Select(c => c.Endpoint.HostAndPort).ToList();
            // A second is short on a busy machine.
            for (var attempt = 0; attempt < 10 && targets.Count > 0; attempt++)
                targets = [.. targets.Except(await OpenAsync(caller, targets))];
            failed.AddRange(targets.Select(target => $"{caller.Name} → {target}"));
        }

        Assert.Empty(failed);
    }

    [Fact]
    public async Task What_shares_no_network_cannot_connect()
    {
        var addresses = await AddressesAsync();
        var open = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Callers(), new ParallelOptions { MaxDegreeOfParallelism = CallersAtOnce }, async (caller, _) =>
        {
            // By name (which must not resolve) and by every address (which must not route).
            var targets =
                from called in Callers()
                where called.Name != caller.Name && !called.Networks.Any(n => caller.IsOn(n.Network))
                from port in PortsOf(called)
                from host in addresses[called.Name].Append(called.Name)
                select $"{host}:{port}";
            foreach (var target in await OpenAsync(caller, targets.ToList()))
                open.Add($"{caller.Name} → {target}");
        });

        Assert.Empty(open);
    }

    /// <summary>
    /// The engine reports the network as internal, so it neither routes nor forwards. A real probe would send traffic to other hosts.
    /// </summary>
    [Fact]
    public async Task WordPress_MariaDB_and_the_caches_are_on_networks_without_a_way_out()
    {
        foreach (var service in new[] { $"pool-{farm.Blog.Tier}", "mariadb-p1", "redis-1", "memcached" })
        {
            var container = (await farm.ContainersAsync(service))[0];
            var networks = await SharedFarm.DockerAsync(
                "inspect",
                "--format",
                "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}",
                container
            );
            foreach (var network in networks.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Assert.Equal("true", await SharedFarm.DockerAsync("network", "inspect", "--format", "{{.Internal}}", network));
        }
    }

    private IEnumerable<Service> Callers() => farm.Farm.Services.Where(s => !s.IsJob && s.Image is Image.FirstParty);

    /// <summary>Ports at which other services call this one.</summary>
    private IEnumerable<int> PortsOf(Service called) =>
        farm
            .Farm.Services.SelectMany(s => s.Calls)
            .Where(c => farm.Farm.Find(c.Endpoint.Host)?.Name == called.Name)
            .Select(c => c.Endpoint.Port)
            .Distinct();

    /// <summary>
    /// The targets (<c>host:port</c>) that accept a connection from inside the caller's container within a second. A probe is a process
    /// that bash forks; <c>timeout</c> ends all of them together. As many run at the same time as the smallest container has memory for.
    /// </summary>
    private async Task<IReadOnlyList<string>> OpenAsync(Service caller, IReadOnlyList<string> targets)
    {
        const string Probe = "for t; do (exec 3<> /dev/tcp/${t%:*}/${t##*:} && echo \"$t\") 2> /dev/null & done; wait";
        const string Script = $"timeout 1 bash -c '{Probe}' bash \"$@\" || [[ $? == 124 ]]";
        var container = (await farm.ContainersAsync(caller.Name))[0];
        var open = new List<string>();
        foreach (var some in targets.Chunk(40))
            open.AddRange(
                (await SharedFarm.DockerAsync(["exec", container, "bash", "-c", Script, "bash", .. some])).Split(
                    '\n',
                    StringSplitOptions.RemoveEmptyEntries
                )
            );
        return open;
    }

    private async Task<Dictionary<string, string[]>> AddressesAsync()
    {
        var addresses = new Dictionary<string, string[]>();
        foreach (var service in farm.Farm.Services.Where(s => !s.IsJob))
        {
            var container = (await farm.ContainersAsync(service.Name))[0];
            var text = await SharedFarm.DockerAsync(
                "inspect",
                "--format",
                "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}",
                container
            );
            addresses[service.Name] = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        return addresses;
    }
}
