using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Topology.FarmFile;

/// <summary>A leaf key of farm.json.</summary>
/// <param name="Path">As in docs/reference/farm-json.md; NAME stands for the name of a tier, a site or a schedule.</param>
internal sealed record FarmKey(string Path, JsonPropertyInfo Property)
{
    private const string Name = "NAME";

    /// <summary>The name that replaces NAME, by the parent key.</summary>
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["tiers"] = "bronze",
        ["sites"] = "blog",
        ["schedules"] = "evening",
        ["receivers"] = "oncall",
    };

    public static IReadOnlyList<FarmKey> All { get; } = [.. Below(typeof(FarmOptions), "")];

    /// <summary>The key's value; null when the file does not set it.</summary>
    public JsonNode? ValueIn(JsonObject farmFile) => Parent(farmFile)?[Steps[^1]];

    public void Set(JsonObject farmFile, JsonNode? value)
    {
        var parent = Parent(farmFile);
        Assert.True(parent is not null, $"{Path}: the farm has nothing above this key. Add a farm that has to KeyCases.Farms.");
        parent[Steps[^1]] = value;
    }

    /// <summary>Another valid value of a switch, a size, or a number with a range; null for other types.</summary>
    public JsonNode? OtherThan(JsonNode? value)
    {
        var type = Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
        if (value is null)
            return null;
        if (type == typeof(bool))
            return !value.GetValue<bool>();
        if (type == typeof(ByteSize) && ByteSize.TryParse(value.GetValue<string>(), out var size))
            return $"{new ByteSize(2 * size.Bytes)}";
        if (Range is not { } range)
            return null;
        var step = value.GetValue<double>() + 1 <= Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) ? 1 : -1;
        return type == typeof(int) ? value.GetValue<int>() + step : value.GetValue<double>() + step;
    }

    private RangeAttribute? Range =>
        Property.AttributeProvider!.GetCustomAttributes(inherit: false).OfType<RangeAttribute>().FirstOrDefault();

    private List<string> Steps
    {
        get
        {
            var steps = Path.Split('.');
            return [.. steps.Select((step, at) => step == Name ? s_names[steps[at - 1]] : step)];
        }
    }

    private JsonObject? Parent(JsonObject farmFile) =>
        Steps.SkipLast(1).Aggregate((JsonNode?)farmFile, (node, step) => node?[step]) as JsonObject;

    private static IEnumerable<FarmKey> Below(Type type, string path) =>
        FarmFileReader.Json.GetTypeInfo(type).Properties.SelectMany(property => At(property, path + property.Name));

    private static IEnumerable<FarmKey> At(JsonPropertyInfo property, string path)
    {
        var type = FarmFileReader.Json.GetTypeInfo(property.PropertyType);
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => Below(type.Type, path + "."),
            JsonTypeInfoKind.Dictionary => Below(type.ElementType!, $"{path}.{Name}."),
            _ => [new FarmKey(path, property)],
        };
    }
}
