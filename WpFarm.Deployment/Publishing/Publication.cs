using System.Text;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Images;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;
using WpFarm.Topology.Nodes;

namespace WpFarm.Deployment.Publishing;

/// <summary>What is written for other machines, as data: each file by its path below the output folder. The same farm gives the same bytes.</summary>
public static class Publication
{
    public const string Compose = "compose";
    public const string Swarm = "swarm";

    /// <param name="project">Prefix of everything the farm has on its engine.</param>
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

    /// <summary>What a swarm is deployed from.</summary>
    /// <param name="running">How many containers services have now that follow the load.</param>
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
        var text = new StringBuilder("# Copy to .env to publish on other ports. What is not set is as here.\n");
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

    /// <summary>What <c>./farm up</c> does and compose alone does not: the containers that wait for the load to rise.</summary>
    private static string Spares(Farm farm)
    {
        var create = SparePools.Create(farm);
        return create.Count == 0
            ? ""
            : $"""
                {string.Join(
                    " and ",
                    farm.Services.Where(service => service.FollowsLoad).Select(pool => pool.Name)
                )}: the Orchestrator starts and ends containers as the load asks for, of those that are there. `up` leaves
                the fewest; after each, make the others:

                ```
                docker compose {string.Join(' ', create)}
                ```


                """;
    }

    /// <summary>The labels of a swarm with the nodes that farm.json counts on.</summary>
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

/// <param name="Path">Below the output folder, with <c>/</c>.</param>
public sealed record PublishedFile(string Path, string Content)
{
    public bool Executable { get; init; }
}
