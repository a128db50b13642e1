using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WpFarm.Topology.Layers;

/// <summary>Writes a program's settings as JSON: every required key, and each other key whose value is not its default.</summary>
internal static class SettingsJson
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitDefaults } },
    };

    public static string Write<TSettings>(TSettings settings) => JsonSerializer.Serialize(settings, s_json) + "\n";

    private static void OmitDefaults(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object)
            return;
        var defaults = Activator.CreateInstance(type.Type)!;
        foreach (var property in type.Properties.Where(property => !property.IsRequired))
        {
            var standard = property.Get!(defaults);
            property.ShouldSerialize = (_, value) => !Equals(value, standard);
        }
    }
}
