using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using F23.StringSimilarity;

namespace WpFarm.Topology.FarmFile;

/// <summary>
/// Compares a JSON tree with the options' types: unknown keys, wrong types, values out of range. Reports every invalid key and removes it,
/// so that the rest can be read and its problems reported too.
/// </summary>
internal sealed class FarmFileShape(List<FarmFileProblem> problems, IReadOnlyDictionary<string, string> overrides)
{
    private static readonly HashSet<string> s_keys = Keys(typeof(FarmOptions)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public void Check(JsonObject root) => CheckObject(root, TypeOf(typeof(FarmOptions)), "");

    /// <summary>The spelling of a key anywhere in the options, ignoring case. Null if no such key exists.</summary>
    internal static string? SpellingOf(string key) => s_keys.TryGetValue(key, out var spelling) ? spelling : null;

    /// <summary>
    /// A hint with the most similar of <paramref name="candidates"/>, for the end of a message. Empty if none is similar.
    /// </summary>
    internal static string DidYouMean(string word, IEnumerable<string> candidates)
    {
        var distance = new Damerau();
        var (nearest, edits) = candidates
            .Select(candidate => (candidate, edits: distance.Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(pair => pair.edits)
            .FirstOrDefault();
        return nearest is not null && edits <= Math.Max(2, word.Length / 3) ? $" Did you mean '{nearest}'?" : "";
    }

    private void CheckObject(JsonObject node, JsonTypeInfo type, string path)
    {
        foreach (var (key, value) in node.ToList())
        {
            var property = type.Properties.FirstOrDefault(p => p.Name == key);
            if (property is null)
            {
                var names = type.Properties.Select(p => p.Name).ToList();
                Report(Join(path, key), $"is not a key.{DidYouMean(key, names)} Keys here: {string.Join(", ", names)}.");
                node.Remove(key);
            }
            else if (!CheckValue(node, key, value, TypeOf(property.PropertyType), property, Join(path, key)))
            {
                node.Remove(key);
            }
        }
    }

    private bool CheckValue(JsonObject parent, string key, JsonNode? value, JsonTypeInfo type, JsonPropertyInfo? property, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value is JsonObject child:
                CheckObject(child, type, path);
                return true;
            case JsonTypeInfoKind.Dictionary when value is JsonObject map:
                CheckMap(map, TypeOf(type.ElementType!), path);
                return true;
            case JsonTypeInfoKind.Enumerable
                when value is JsonObject indexed && overrides.Keys.Any(set => set.StartsWith(path + ".", StringComparison.Ordinal)):
                parent[key] = new JsonArray(indexed.Select(item => item.Value?.DeepClone()).ToArray());
                return CheckList(parent[key]!.AsArray(), path);
            case JsonTypeInfoKind.Enumerable when value is JsonArray list:
                return CheckList(list, path);
            case JsonTypeInfoKind.None:
                return CheckLeaf(parent, key, value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, property, path);
            default:
                Report(path, $"must be {(type.Kind is JsonTypeInfoKind.Enumerable ? "a list: [ … ]" : "an object: { … }")}.");
                return false;
        }
    }

    private void CheckMap(JsonObject map, JsonTypeInfo element, string path)
    {
        foreach (var (key, value) in map.ToList())
            if (!CheckValue(map, key, value, element, null, Join(path, key)))
                map.Remove(key);
    }

    private bool CheckList(JsonArray list, string path)
    {
        var bad = list.Index().Where(item => item.Item?.GetValueKind() is not JsonValueKind.String).ToList();
        foreach (var (index, _) in bad)
            Report($"{path}[{index}]", "must be a text.");
        return bad.Count == 0;
    }

    private bool CheckLeaf(JsonObject parent, string key, JsonNode? value, Type type, JsonPropertyInfo? property, string path)
    {
        if (overrides.ContainsKey(path))
            parent[key] = value = FromText(value!.GetValue<string>(), type);
        object? parsed;
        try
        {
            parsed = value.Deserialize(type, FarmFileReader.Json);
            if (parsed is null && property?.IsSetNullable is not true)
                throw new JsonException();
        }
        catch (JsonException)
        {
            Report(path, $"must be {Expected(type)}, not {value?.ToJsonString(FarmFileReader.Json) ?? "null"}.");
            return false;
        }

        return CheckLimits(parsed, property, path);
    }

    private bool CheckLimits(object? value, JsonPropertyInfo? property, string path)
    {
        var attributes = property?.AttributeProvider?.GetCustomAttributes(inherit: false) ?? [];
        if (attributes.OfType<RangeAttribute>().FirstOrDefault() is { } range && !range.IsValid(value))
        {
            Report(path, string.Create(CultureInfo.InvariantCulture, $"must be from {range.Minimum} to {range.Maximum}, not {value}."));
            return false;
        }

        if (attributes.OfType<MinimumSizeAttribute>().FirstOrDefault() is { } minimum && value is ByteSize size && size < minimum.Size)
        {
            Report(path, $"must be at least {minimum.Size}, not {size}.");
            return false;
        }

        return true;
    }

    private void Report(string path, string message) =>
        problems.Add(new FarmFileProblem(overrides.TryGetValue(path, out var variable) ? $"environment {variable}" : path, message));

    /// <summary>An environment variable is text. Numbers and switches are parsed from it.</summary>
    private static JsonValue FromText(string text, Type type) =>
        type == typeof(bool) && bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : type == typeof(int) && int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : type == typeof(double) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(text);

    private static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(ByteSize) ? "a size such as \"512M\" or \"2G\""
        : type.IsEnum
            ? "one of "
                + string.Join(
                    ", ",
                    Enum.GetValuesAsUnderlyingType(type)
                        .Cast<object>()
                        .Select(v => JsonSerializer.Serialize(Enum.ToObject(type, v), type, FarmFileReader.Json))
                )
        : "a text";

    private static IEnumerable<string> Keys(Type type) =>
        TypeOf(type) switch
        {
            { Kind: JsonTypeInfoKind.Object } info => info.Properties.SelectMany(p => Keys(p.PropertyType).Prepend(p.Name)),
            { Kind: JsonTypeInfoKind.Dictionary } info => Keys(info.ElementType!),
            _ => [],
        };

    private static JsonTypeInfo TypeOf(Type type) => FarmFileReader.Json.GetTypeInfo(type);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
