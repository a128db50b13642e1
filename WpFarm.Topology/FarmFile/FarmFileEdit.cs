using System.Text;
using System.Text.Json;

namespace WpFarm.Topology.FarmFile;

/// <summary>Edits keys in the text of a farm.json. Keeps all comments, spaces and the order of keys.</summary>
public static class FarmFileEdit
{
    /// <param name="text">A valid farm.json.</param>
    /// <param name="path">For example <c>database.memory</c>.</param>
    /// <param name="json">The value, as JSON.</param>
    public static string Set(string text, string path, string json)
    {
        var keys = path.Split('.');
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(
            bytes,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        reader.Read();
        return Encoding.UTF8.GetString(Set(bytes, ref reader, keys, json, depth: 1));
    }

    /// <summary>Removes a key with its value. Does nothing if the key does not exist.</summary>
    /// <param name="text">A valid farm.json.</param>
    /// <param name="path">For example <c>backups.offSite</c>.</param>
    public static string Remove(string text, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(
            bytes,
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        reader.Read();
        ReadOnlySpan<string> keys = path.Split('.');
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var (start, found) = ((int)reader.TokenStartIndex, reader.ValueTextEquals(keys[0]));
            reader.Read();
            if (found && keys.Length > 1 && reader.TokenType is JsonTokenType.StartObject)
            {
                keys = keys[1..];
                continue;
            }

            reader.Skip();
            if (found)
                return keys.Length > 1
                    ? text
                    : Encoding.UTF8.GetString(Replace(bytes, start, AfterComma(bytes, (int)reader.BytesConsumed), ""));
        }

        return text;
    }

    /// <summary>
    /// The index after the comma that follows a value, and the spaces after it. The last value has no such comma; the one before it may
    /// stay.
    /// </summary>
    private static int AfterComma(byte[] text, int end)
    {
        var next = end + text.AsSpan(end).IndexOfAnyExcept(" \r\n\t"u8);
        if (next < end || text[next] != (byte)',')
            return end;
        var rest = text.AsSpan(next + 1).IndexOfAnyExcept(" \r\n\t"u8);
        return rest < 0 ? text.Length : next + 1 + rest;
    }

    /// <summary>The reader is at the opening brace of the object in which <paramref name="keys"/> start.</summary>
    private static byte[] Set(byte[] text, ref Utf8JsonReader reader, ReadOnlySpan<string> keys, string json, int depth)
    {
        var open = (int)reader.TokenStartIndex + 1;
        var isEmpty = true;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var found = reader.ValueTextEquals(keys[0]);
            reader.Read();
            if (found && keys.Length > 1 && reader.TokenType is JsonTokenType.StartObject)
                return Set(text, ref reader, keys[1..], json, depth + 1);
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
                return Replace(text, start, (int)reader.BytesConsumed, Nested(keys[1..], json, depth));
        }

        // Insert a new key first, so that a comma can always follow it.
        var indent = new string(' ', depth * 2);
        var end = isEmpty && !text.AsSpan(open, (int)reader.TokenStartIndex - open).Contains((byte)'\n') ? "\n" + indent[2..] : "";
        return Replace(text, open, open, $"\n{indent}\"{keys[0]}\": {Nested(keys[1..], json, depth)}{(isEmpty ? end : ",")}");
    }

    private static string Nested(ReadOnlySpan<string> keys, string json, int depth)
    {
        if (keys.Length == 0)
            return json;
        var indent = new string(' ', (depth + 1) * 2);
        return $"{{\n{indent}\"{keys[0]}\": {Nested(keys[1..], json, depth + 1)}\n{indent[2..]}}}";
    }

    private static byte[] Replace(byte[] text, int start, int end, string with) =>
        [.. text[..start], .. Encoding.UTF8.GetBytes(with), .. text[end..]];
}
