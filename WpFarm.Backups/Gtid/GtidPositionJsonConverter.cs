using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Backups.Gtid;

internal sealed class GtidPositionJsonConverter : JsonConverter<GtidPosition>
{
    public override GtidPosition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return GtidPosition.Parse(reader.GetString() ?? "");
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, GtidPosition value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
