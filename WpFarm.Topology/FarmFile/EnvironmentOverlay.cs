using System.Text.Json.Nodes;

namespace WpFarm.Topology.FarmFile;

/// <summary>Overrides keys of the file by environment variables <c>WPFARM__SECTION__KEY=value</c>, as .NET's configuration does.</summary>
internal static class EnvironmentOverlay
{
    /// <returns>The overridden paths, each with its variable.</returns>
    public static IReadOnlyDictionary<string, string> Apply(JsonObject root, IReadOnlyDictionary<string, string> environment)
    {
        var set = new Dictionary<string, string>();
        foreach (var (name, value) in environment.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(FarmFileReader.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var keys = name[FarmFileReader.EnvironmentPrefix.Length..].Split("__");
            set[Set(root, keys, value)] = name;
        }

        return set;
    }

    private static string Set(JsonObject node, ReadOnlySpan<string> keys, string value)
    {
        var key = KeyIn(node, keys[0]);
        if (keys.Length == 1)
        {
            node[key] = value;
            return key;
        }

        var child = node[key] switch
        {
            JsonObject existing => existing,
            JsonArray array => ByIndex(array),
            _ => [],
        };
        if (!ReferenceEquals(node[key], child))
            node[key] = child;
        return $"{key}.{Set(child, keys[1..], value)}";
    }

    /// <summary>Environment names ignore case: an existing key keeps its spelling, a new one is camelCase.</summary>
    private static string KeyIn(JsonObject node, string name) =>
        node.Select(p => p.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? FarmFileShape.SpellingOf(name)
        ?? name.ToLowerInvariant();

    private static JsonObject ByIndex(JsonArray array) => new(array.Select((item, i) => KeyValuePair.Create($"{i}", item?.DeepClone())));
}
