using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Topology;

/// <summary>An amount of memory or disk, written as <c>512M</c> or <c>2G</c> (powers of 1024).</summary>
[JsonConverter(typeof(ByteSizeJsonConverter))]
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    public const string Pattern = "^[1-9][0-9]*[KMGT]$";

    private const string Units = "KMGT";

    public long Megabytes => Bytes >> 20;

    public static ByteSize MB(long count) => new(count << 20);

    public static ByteSize GB(long count) => new(count << 30);

    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        if (text is not { Length: >= 2 })
            return false;
        var exponent = Units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        if (exponent < 0 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var shift = 10 * (exponent + 1);
        if (count <= 0 || count > long.MaxValue >> shift)
            return false;
        size = new ByteSize(count << shift);
        return true;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Writes the size in the largest unit that divides it without a remainder.</summary>
    public override string ToString()
    {
        for (var exponent = Units.Length; exponent > 0; exponent--)
            if (Bytes > 0 && Bytes % (1L << (10 * exponent)) == 0)
                return $"{Bytes >> (10 * exponent)}{Units[exponent - 1]}";
        return Bytes.ToString(CultureInfo.InvariantCulture);
    }

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}

internal sealed class ByteSizeJsonConverter : JsonConverter<ByteSize>
{
    public override ByteSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ByteSize.TryParse(reader.GetString(), out var size)
            ? size
            : throw new JsonException("a size such as \"512M\" or \"2G\"");

    public override void Write(Utf8JsonWriter writer, ByteSize value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
