using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace WpFarm.Deployment.Compose;

/// <summary>Serializes Compose files: the same model gives the same bytes.</summary>
public static class ComposeYaml
{
    private static readonly ISerializer s_yaml = new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitDefaults | DefaultValuesHandling.OmitEmptyCollections)
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .DisableAliases()
        .Build();

    private static readonly EmitterSettings s_layout = EmitterSettings.Default.WithIndentedSequences().WithNewLine("\n");

    internal static string Write(ComposeFile file) => Text(file);

    /// <summary>Hash of one service as it is written in a file: the first 12 hexadecimal digits of SHA-256.</summary>
    internal static string Digest(ComposeService service) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(service))))[..12];

    /// <summary>Escapes <c>$</c>, since Compose substitutes <c>$NAME</c> in every string.</summary>
    public static string Escape(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    public static string Duration(TimeSpan time) => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s";

    private static string Text(object graph)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        s_yaml.Serialize(new ShortCollectionsEmitter(new Emitter(text, s_layout)), graph);
        return text.ToString();
    }
}
