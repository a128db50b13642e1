using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Api;

/// <summary>JSON options for the API's records, used by the Orchestrator and by its clients.</summary>
public static class ApiJson
{
    /// <summary>
    /// A required property that is missing or null is an error that names it. An unknown property is skipped, because during an update of a
    /// farm its old and its new Orchestrator answer the same client.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>For tests: an unknown property is an error that names it, too.</summary>
    public static JsonSerializerOptions Strict { get; } = new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>For a terminal: <c>--json</c>.</summary>
    public static JsonSerializerOptions Indented { get; } =
        new(Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Applies the same rules to other options, such as those of a web server.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
    }

    /// <summary>A value's name in JSON: <c>atMaximum</c>.</summary>
    public static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }
}
