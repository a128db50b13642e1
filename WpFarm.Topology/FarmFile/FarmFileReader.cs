using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace WpFarm.Topology.FarmFile;

/// <summary>
/// Reads farm.json and the environment, and returns options or a list of every problem. An environment variable
/// (<c>WPFARM__DATABASE__MEMORY=1G</c>) overrides the file, which overrides the default.
/// </summary>
public static class FarmFileReader
{
    public const string EnvironmentPrefix = "WPFARM__";

    internal static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            WriteIndented = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };

    /// <param name="text">The file's content; comments and trailing commas are allowed.</param>
    /// <param name="environment">Environment variables; those without the prefix are ignored.</param>
    /// <param name="databases">Null: nobody needs to know which networks the named countries and autonomous systems have.</param>
    public static FarmFileResult Read(string text, IReadOnlyDictionary<string, string> environment, INetworkDatabases? databases = null)
    {
        if (!TryParse(text, out var root, out var syntaxError))
            return new FarmFileResult(null, [syntaxError]);

        root.Remove("$schema");
        var overrides = EnvironmentOverlay.Apply(root, environment);
        var problems = new List<FarmFileProblem>();
        new FarmFileShape(problems, overrides).Check(root);
        AddDefaultTiers(root);

        var options = AsciiHosts.Of(root.Deserialize<FarmOptions>(Json)!);
        if (databases is not null)
            options = options with { VisitorNetworks = VisitorNetworks.Read(options, databases, problems) };
        FarmFileRules.Check(options, problems);
        return problems.Count > 0 ? new FarmFileResult(null, problems) : new FarmFileResult(options, []);
    }

    /// <summary>Writes a farm.json with every key. <see cref="Read"/> returns the same options from it.</summary>
    public static string Write(FarmOptions options) => JsonSerializer.Serialize(options, Json) + "\n";

    private static bool TryParse(string text, out JsonObject root, out FarmFileProblem error)
    {
        root = [];
        error = new FarmFileProblem("", "");
        try
        {
            var node = JsonNode.Parse(
                text,
                documentOptions: new JsonDocumentOptions
                {
                    CommentHandling = JsonCommentHandling.Skip,
                    AllowTrailingCommas = true,
                    AllowDuplicateProperties = false,
                }
            );
            if (node is JsonObject found)
            {
                root = found;
                return true;
            }

            error = new FarmFileProblem("", "must be an object: { … }. An empty {} is a farm.");
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"line {line + 1}, column {e.BytePositionInLine + 1}" : "";
            error = new FarmFileProblem(place, "is not JSON: " + e.Message.Split(" LineNumber:")[0].Split(" Path:")[0]);
        }

        return false;
    }

    /// <summary>Merges the tiers of the file into bronze, silver and gold, key by key.</summary>
    private static void AddDefaultTiers(JsonObject root)
    {
        if (root["tiers"] is not JsonObject tiers)
            return;
        var merged = JsonSerializer.SerializeToNode(TierOptions.Defaults, Json)!.AsObject();
        Overlay(merged, tiers);
        root["tiers"] = merged;
    }

    private static void Overlay(JsonObject below, JsonObject above)
    {
        foreach (var (key, value) in above.ToList())
        {
            if (value is JsonObject nested && below[key] is JsonObject target)
                Overlay(target, nested);
            else
                below[key] = value?.DeepClone();
        }
    }
}

/// <summary>Either options or problems, never both.</summary>
public sealed record FarmFileResult(FarmOptions? Options, IReadOnlyList<FarmFileProblem> Problems);

/// <summary>A problem in farm.json or the environment.</summary>
/// <param name="Path">Key (<c>sites.blog.tier</c>), environment variable, or line and column; empty for the whole file.</param>
/// <param name="Message">What is wrong, and what to write instead.</param>
public sealed record FarmFileProblem(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
