using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WpFarm.Topology.Layers.Application;

/// <summary>Writes settings as a PHP file that returns them as an array: keys in snake_case, true and false as 1 and 0.</summary>
internal static class PhpFile
{
    private static readonly JsonSerializerOptions s_keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Write<TSettings>(TSettings settings)
    {
        var php = new StringBuilder("<?php\n\ndeclare(strict_types=1);\n\nreturn ");
        Append(php, JsonSerializer.SerializeToNode(settings, s_keys)!, 0);
        return php.Append(";\n").ToString();
    }

    private static void Append(StringBuilder php, JsonNode value, int depth)
    {
        switch (value)
        {
            case JsonObject map:
                php.Append("[\n");
                foreach (var (key, item) in map)
                {
                    php.Append(' ', 4 * (depth + 1)).Append(Quote(key)).Append(" => ");
                    Append(php, item!, depth + 1);
                    php.Append(",\n");
                }

                php.Append(' ', 4 * depth).Append(']');
                break;
            case JsonArray list:
                php.Append('[').AppendJoin(", ", list.Select(item => Scalar(item!))).Append(']');
                break;
            default:
                php.Append(Scalar(value));
                break;
        }
    }

    private static string Scalar(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.String => Quote(value.GetValue<string>()),
            JsonValueKind.Number => value.ToJsonString(),
            JsonValueKind.True => "1",
            JsonValueKind.False => "0",
            var kind => throw new ArgumentException(
                $"{value.GetPath()} is of kind {kind}; only texts, numbers and booleans are written as PHP."
            ),
        };

    /// <summary>A PHP string in single quotes. Only the quote and the backslash are escaped in it.</summary>
    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\").Replace("'", "\\'")}'";
}
