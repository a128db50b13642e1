using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Api;

/// <summary>How the API's records are written and read, by the Orchestrator and by its clients.</summary>
public static class ApiJson
{
    /// <summary>
    /// A missing or null property that its record requires is an error that names it. An unknown property is skipped: while a farm is
    /// updated, its old and its new Orchestrator both answer the same client.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>For tests: an unknown property is an error that names it, too.</summary>
    public static JsonSerializerOptions Strict { get; } = new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>For a terminal: <c>--json</c>.</summary>
    public static JsonSerializerOptions Indented { get; } =
        new(Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gives other options, such as those of a web server, the same rules.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
    }

    /// <summary>The name of a value as it is in JSON: <c>atMaximum</c>.</summary>
    public static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        return options;
    }
}
