using System.Text;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Publishing;

/// <summary>
/// Renders the files that deploy a farm on other machines, with their paths below the output folder. Pure: the same farm gives the same
/// bytes.
/// </summary>
public static class Publication
{
    public const string Compose = "compose";
    public const string Swarm = "swarm";

    /// <param name="project">Prefix of the names of containers, networks and volumes.</param>
    public static IReadOnlyList<PublishedFile> Of(Farm farm, string project, ImageTags images) =>
        [
            .. ForCompose(farm, project, images).Select(file => file with { Path = $"{Compose}/{file.Path}" }),
            .. ForSwarm(farm, project, images).Select(file => file with { Path = $"{Swarm}/{file.Path}" }),
        ];

    private static IEnumerable<PublishedFile> ForCompose(Farm farm, string project, ImageTags images) =>
        [
            new("compose.yaml", ComposeManifest.Write(farm, project, images, secretsFingerprint: null, forOtherMachines: true)),
            .. Files(farm),
            new(".env.example", EnvironmentExample(farm)),
            new("secrets.sh", Template("secrets.sh", farm, project)) { Executable = true },
            new("README.md", Template("compose.md", farm, project)),
        ];

    /// <summary>Renders the files that a swarm is deployed from.</summary>
    /// <param name="running">Present number of containers of each service that follows the load.</param>
    public static IEnumerable<PublishedFile> ForSwarm(
        Farm farm,
        string project,
        ImageTags images,
        IReadOnlyDictionary<string, int>? running = null
    ) =>
        [
            .. Stacks
                .Of(farm)
                .Select(stack => new PublishedFile(
                    $"{Stacks.FileName(stack)}.yaml",
                    SwarmManifest.Write(farm, stack, project, images, running)
                )),
            .. Files(farm),
            new("secrets.sh", Template("swarm-secrets.sh", farm, project)) { Executable = true },
            new("deploy.sh", Template("deploy.sh", farm, project)) { Executable = true },
            new("README.md", Template("swarm.md", farm, project)),
        ];

    private static IEnumerable<PublishedFile> Files(Farm farm) =>
        farm
            .Services.SelectMany(s => s.Files)
            .DistinctBy(RenderedFiles.RelativePath)
            .Select(file => new PublishedFile(RenderedFiles.RelativePath(file), file.Content));

    private static string EnvironmentExample(Farm farm)
    {
        var text = new StringBuilder("# Copy to .env to publish on other ports. A variable that is not set has the value below.\n");
        foreach (var (service, port) in farm.Services.SelectMany(s => s.Ports, (s, p) => (s, p)))
        {
            var last = port.Host + service.Replicas.Max - 1;
            text.Append($"{ComposeManifest.PortVariable(port)}={port.Host}{(last > port.Host ? $"-{last}" : "")}\n");
        }

        return text.ToString();
    }

    private static string Template(string name, Farm farm, string project) =>
        Resources
            .Text($"Publishing/Templates/{name}")
            .Replace("{{project}}", project, StringComparison.Ordinal)
            .Replace("{{secrets}}", string.Join(' ', farm.Secrets.Select(s => s.Name)), StringComparison.Ordinal)
            .Replace("{{stacks}}", string.Join(' ', Stacks.Of(farm).Select(Stacks.FileName)), StringComparison.Ordinal)
            .Replace("{{spares}}", Spares(farm), StringComparison.Ordinal)
            .Replace("{{labels}}", Labels(farm).TrimEnd(), StringComparison.Ordinal)
            .Replace("{{sites}}", string.Concat(farm.Sites.Select(site => $"- {site.Title}: {site.Url}\n")), StringComparison.Ordinal);

    /// <summary>
    /// Describes how to create the spare containers, which wait for the load to rise: <c>./farm up</c> creates them, Compose alone does
    /// not.
    /// </summary>
    private static string Spares(Farm farm)
    {
        var create = SparePools.Create(farm);
        return create.Count == 0
            ? ""
            : $"""
                {string.Join(
                    " and ",
                    farm.Services.Where(service => service.FollowsLoad).Select(pool => pool.Name)
                )}: the Orchestrator starts and stops existing containers as the load requires. `up` creates the
                fewest; after each `up`, create the others:

                ```
                docker compose {string.Join(' ', create)}
                ```


                """;
    }

    /// <summary>The commands that label the nodes of a swarm of the size that farm.json sets.</summary>
    private static string Labels(Farm farm)
    {
        var nodes = NodePlan
            .Of(farm.Options.Swarm.Nodes)
            .Select(node => new LabelledNode($"node{node.Number}", node.Manager, new HashSet<string>()))
            .ToList();
        return string.Concat(
            NodeLabels
                .Missing(farm, nodes)
                .GroupBy(missing => missing.Node)
                .Select(node => $"   docker node update {string.Join(' ', node.Select(m => $"--label-add {m.Label}=true"))} {node.Key}\n")
        );
    }
}

/// <summary>One rendered file.</summary>
/// <param name="Path">Path below the output folder, separated by <c>/</c>.</param>
public sealed record PublishedFile(string Path, string Content)
{
    public bool Executable { get; init; }
}
