using System.Text.Json;
using WpFarm.Deployment.Machine;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Deployment.Instance;

/// <summary>The host ports that farm.json sets, and free ports in their place, so that several farms can run side by side.</summary>
internal static class FarmPorts
{
    private sealed record Key(string Path, Func<FarmOptions, int> Get, Func<FarmOptions, int, FarmOptions> Set);

    private static readonly Key[] s_keys =
    [
        new("edge.httpPort", o => o.Edge.HttpPort, (o, port) => o with { Edge = o.Edge with { HttpPort = port } }),
        new("edge.httpsPort", o => o.Edge.HttpsPort, (o, port) => o with { Edge = o.Edge with { HttpsPort = port } }),
        new(
            "observability.grafanaPort",
            o => o.Observability.GrafanaPort,
            (o, port) => o with { Observability = o.Observability with { GrafanaPort = port } }
        ),
        new(
            "observability.prometheusPort",
            o => o.Observability.PrometheusPort,
            (o, port) => o with { Observability = o.Observability with { PrometheusPort = port } }
        ),
        new(
            "management.orchestratorPort",
            o => o.Management.OrchestratorPort,
            (o, port) => o with { Management = o.Management with { OrchestratorPort = port } }
        ),
        new(
            "management.portainerPort",
            o => o.Management.PortainerPort,
            (o, port) => o with { Management = o.Management with { PortainerPort = port } }
        ),
    ];

    /// <summary>The key of farm.json that sets a port, for messages.</summary>
    public static string KeyOf(FarmOptions options, int port) =>
        s_keys.FirstOrDefault(key => key.Get(options) == port)?.Path ?? "edge.httpPort";

    /// <summary>
    /// Replaces each port that another program uses by the next free one, and stores the choice: the farm's addresses stay the same from
    /// run to run.
    /// </summary>
    /// <param name="ours">Ports that this farm's running containers use.</param>
    public static FarmOptions ChooseFree(FarmOptions options, string file, IReadOnlySet<int> ours)
    {
        options = Remembered(options, file);
        var taken = new HashSet<int>();
        foreach (var key in s_keys)
        {
            var (port, count) = (key.Get(options), Width(options, key.Get(options)));
            while (!Enumerable.Range(port, count).All(IsFree))
                port = port + count < 65535 ? port + 1 : 1024;
            taken.UnionWith(Enumerable.Range(port, count));
            options = key.Set(options, port);
        }

        bool IsFree(int port) => !taken.Contains(port) && (ours.Contains(port) || Preflight.IsFree(port, loopbackOnly: false));

        AtomicFile.Write(file, JsonSerializer.Serialize(s_keys.ToDictionary(key => key.Path, key => key.Get(options))));
        return options;
    }

    /// <summary>How many consecutive ports the publishing service takes: one per replica.</summary>
    private static int Width(FarmOptions options, int port) =>
        Farm.Build(options)
            .Services.Where(service => service.Ports.Any(published => published.Host == port))
            .Select(service => service.Replicas.Max)
            .DefaultIfEmpty(1)
            .Max();

    /// <summary>Sets the ports that an earlier <see cref="ChooseFree"/> chose for this farm, if it did.</summary>
    public static FarmOptions Remembered(FarmOptions options, string file)
    {
        if (!File.Exists(file))
            return options;
        var chosen = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(file))!;
        return s_keys.Where(key => chosen.ContainsKey(key.Path)).Aggregate(options, (o, key) => key.Set(o, chosen[key.Path]));
    }
}
