using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WpFarm.Topology.FarmFile;

/// <summary>Generates the reference of farm.json, a Markdown table, from the options' types.</summary>
public static class FarmFileReference
{
    public static string Write()
    {
        var text = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
        Append(text, typeof(FarmOptions), new FarmOptions(), "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Type type, object defaults, string path)
    {
        foreach (var property in FarmFileReader.Json.GetTypeInfo(type).Properties)
        {
            var key = path + property.Name;
            var value = property.Get!(defaults);
            var info = FarmFileReader.Json.GetTypeInfo(property.PropertyType);
            var attributes = property.AttributeProvider!.GetCustomAttributes(inherit: false);
            var description = attributes.OfType<DescriptionAttribute>().Single().Description + Limits(attributes);
            if (info.Kind is JsonTypeInfoKind.Object)
            {
                text.Append(CultureInfo.InvariantCulture, $"| **{key}** | | {description} |\n");
                Append(text, property.PropertyType, value ?? Activator.CreateInstance(property.PropertyType)!, key + ".");
            }
            else if (info.Kind is JsonTypeInfoKind.Dictionary)
            {
                var names = string.Join(
                    ", ",
                    ((System.Collections.IEnumerable)value!)
                        .Cast<object>()
                        .Select(pair => (string)pair.GetType().GetProperty("Key")!.GetValue(pair)!)
                );
                text.Append(CultureInfo.InvariantCulture, $"| **{key}.NAME** | {names} | {description} |\n");
                Append(text, info.ElementType!, Activator.CreateInstance(info.ElementType!)!, $"{key}.NAME.");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"| {key} | {Default(value, info)} | {description} |\n");
            }
        }
    }

    private static string Default(object? value, JsonTypeInfo info) =>
        value is null || info.Kind is JsonTypeInfoKind.Enumerable
            ? ""
            : $"`{JsonSerializer.Serialize(value, value.GetType(), FarmFileReader.Json)}`";

    private static string Limits(object[] attributes)
    {
        var range = attributes.OfType<RangeAttribute>().FirstOrDefault();
        var minimum = attributes.OfType<MinimumSizeAttribute>().FirstOrDefault();
        return range is not null ? string.Create(CultureInfo.InvariantCulture, $" {range.Minimum} to {range.Maximum}.")
            : minimum is not null ? $" At least {minimum.Size}."
            : "";
    }
}
