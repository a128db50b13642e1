using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace WpFarm.Tests.Topology.RenderedFarms;

/// <summary>The configuration files in a Compose file or a stack.</summary>
internal sealed record RenderedManifest
{
    private static readonly IDeserializer s_yaml = new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build();

    public Dictionary<string, RenderedService> Services { get; set; } = [];
    public Dictionary<string, RenderedConfig> Configs { get; set; } = [];

    public static RenderedManifest Read(string yaml) => s_yaml.Deserialize<RenderedManifest>(yaml);

    /// <summary>Each file of each service: the config's name, the path in the container, the path below the manifest.</summary>
    public IEnumerable<(string Service, string Config, string Target, string File)> Files =>
        from service in Services
        from grant in service.Value.Configs
        select (service.Key, grant.Source, grant.Target, Configs[grant.Source].File["./".Length..]);
}

internal sealed record RenderedService
{
    public List<RenderedGrant> Configs { get; set; } = [];
}

internal sealed record RenderedGrant
{
    public string Source { get; set; } = "";
    public string Target { get; set; } = "";
}

internal sealed record RenderedConfig
{
    /// <summary>The config's name in a swarm. On Compose, Docker chooses the name.</summary>
    public string? Name { get; set; }
    public string File { get; set; } = "";
}
