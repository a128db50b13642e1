using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace WpFarm.Topology.FarmFile;

/// <summary>Generates the JSON schema of farm.json from the options' types. Editors use it for completion and validation.</summary>
public static class FarmFileSchema
{
    public static string Write()
    {
        var schema = FarmFileReader
            .Json.GetJsonSchemaAsNode(
                typeof(FarmOptions),
                new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe }
            )
            .AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "farm.json");
        schema["properties"]!["$schema"] = new JsonObject { ["type"] = "string" };
        return schema.ToJsonString(FarmFileReader.Json) + "\n";
    }

    private static JsonObject Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            schema = [];
        if (context.TypeInfo.Type == typeof(ByteSize) || context.TypeInfo.Type == typeof(ByteSize?))
        {
            schema["type"] = "string";
            schema["pattern"] = ByteSize.Pattern;
        }

        if (context.TypeInfo.Kind is System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object)
            schema["additionalProperties"] = false;
        if (context.PropertyInfo?.AttributeProvider is not { } property)
            return schema;

        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
            schema["description"] = description.Description;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = JsonValue.Create(Convert.ToDouble(range.Minimum, System.Globalization.CultureInfo.InvariantCulture));
            schema["maximum"] = JsonValue.Create(Convert.ToDouble(range.Maximum, System.Globalization.CultureInfo.InvariantCulture));
        }

        return schema;
    }

    private static T? GetCustomAttribute<T>(this ICustomAttributeProvider provider)
        where T : Attribute => provider.GetCustomAttributes(typeof(T), inherit: false).OfType<T>().FirstOrDefault();
}
