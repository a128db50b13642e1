using System.Text.RegularExpressions;
using WpFarm.Topology;

namespace WpFarm.Tests.Integration;

/// <summary>The networks, tried from inside the containers: every call of the model connects, and what shares no network does not.</summary>
[Integration]
[Collection(SharedFarm.Collection)]
public sealed class NetworkMatrixTests(SharedFarm farm)
{
    [Fact]
    public async Task Every_call_of_the_model_connects()
    {
        var failed = new List<string>();
        foreach (var caller in farm.Farm.Services.Where(s => !s.IsJob && s.Image is Image.FirstParty))
        {
            var container = (await farm.Containers(caller.Name))[0];
            // Ports below are TCP; a syslog receiver has none to connect to.
            foreach (var call in caller.Calls.Where(c => c.Why != "access log"))
                if (await Connect(container, call.To, call.Port) is not "open")
                    failed.Add($"{caller.Name} → {call.To}:{call.Port}");
        }

        Assert.Empty(failed);
    }

    [Fact]
    public async Task What_shares_no_network_cannot_connect()
    {
        var open = new List<string>();
        var targets = await Addresses();
        foreach (var caller in farm.Farm.Services.Where(s => !s.IsJob && s.Image is Image.FirstParty))
        {
            var container = (await farm.Containers(caller.Name))[0];
            // One of each kind: six Redis nodes are on the same networks for the same reason.
            foreach (var called in farm.Farm.Services.Where(s => !s.IsJob && s.Name != caller.Name && !s.Networks.Any(n => caller.IsOn(n.Network))).DistinctBy(s => Regex.Replace(s.Name, @"\d+$", "")))
            {
                var port = farm.Farm.Services.SelectMany(s => s.Calls).FirstOrDefault(c => farm.Farm.Find(c.To)?.Name == called.Name)?.Port;
                if (port is null)
                    continue;
                // By name (which must not resolve) and by address (which must not route).
                foreach (var target in targets[called.Name].Append(called.Name))
                    if (await Connect(container, target, port.Value) is "open")
                        open.Add($"{caller.Name} → {called.Name} ({target}:{port})");
            }
        }

        Assert.Empty(open);
    }

    [Fact]
    public async Task WordPress_and_MariaDB_have_no_way_to_the_outside()
    {
        foreach (var service in new[] { $"pool-{farm.Blog.Tier}", "mariadb-p1", "redis-1" })
        {
            var container = (await farm.Containers(service))[0];
            var routes = await SharedFarm.Docker("exec", container, "cat", "/proc/net/route");
            // A default route has destination 00000000 in the second column.
            Assert.DoesNotContain(routes.Split('\n').Skip(1), line => line.Split('\t')[1] == "00000000");
        }
    }

    private static Task<string> Connect(string container, string host, int port) =>
        SharedFarm.Docker("exec", container, "bash", "-c", $"timeout 1 bash -c 'exec 3<>/dev/tcp/{host}/{port}' 2>/dev/null && echo open || echo closed");

    private async Task<Dictionary<string, string[]>> Addresses()
    {
        var addresses = new Dictionary<string, string[]>();
        foreach (var service in farm.Farm.Services.Where(s => !s.IsJob))
        {
            var container = (await farm.Containers(service.Name))[0];
            var text = await SharedFarm.Docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", container);
            addresses[service.Name] = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        return addresses;
    }
}
