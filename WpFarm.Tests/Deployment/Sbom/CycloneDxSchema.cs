using System.Reflection;
using System.Text.Json;
using Json.Schema;

namespace WpFarm.Tests.Deployment.Sbom;

/// <summary>The schema of CycloneDX 1.6, as its makers publish it.</summary>
internal static class CycloneDxSchema
{
    /// <summary>Schemas that the main one refers to come first.</summary>
    private static readonly string[] s_names = ["spdx", "jsf-0.82", "bom-1.6"];

    private static readonly Lazy<JsonSchema> s_schema = new(() => s_names.Select(Read).Last());

    /// <summary>Where a bill of materials differs from the schema, and how. Empty: it is valid.</summary>
    public static IReadOnlyList<string> FaultsOf(string bom)
    {
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        var result = s_schema.Value.Evaluate(JsonElement.Parse(bom), options);
        return result.IsValid
            ? []
            :
            [
                .. (result.Details ?? [])
                    .Where(detail => detail.Errors is { Count: > 0 })
                    .Select(detail => $"{detail.InstanceLocation}: {JsonSerializer.Serialize(detail.Errors)}"),
            ];
    }

    private static JsonSchema Read(string name)
    {
        var library = typeof(CycloneDxSchema)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "CycloneDxSchemas")
            .Value!;
        var assembly = Assembly.LoadFile(library);
        var resource = assembly
            .GetManifestResourceNames()
            .Single(resource =>
                resource.Contains($".{name}.", StringComparison.Ordinal) && resource.EndsWith(".json", StringComparison.Ordinal)
            );
        using var stream = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var schema = JsonSchema.FromText(stream.ReadToEnd());
        SchemaRegistry.Global.Register(schema);
        return schema;
    }
}
