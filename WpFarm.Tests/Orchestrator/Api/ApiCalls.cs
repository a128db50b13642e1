using System.Text.Json;
using WpFarm.Contracts.Api.Routes;

namespace WpFarm.Tests.Orchestrator.Api;

/// <summary>What the Orchestrator's OpenAPI document says. https://spec.openapis.org/oas/v3.1.1</summary>
internal sealed record ApiCalls(IReadOnlyList<ApiCall> All, JsonElement Schemas)
{
    public const string Path = "/api/openapi.json";
    public const string Anything = "any JSON";

    public static async Task<ApiCalls> ReadAsync(ApiHost host)
    {
        using var http = host.Http();
        var document = JsonElement.Parse(await http.GetStringAsync(new Uri(Path, UriKind.Relative)));
        return new(
            [
                .. document
                    .GetProperty("paths")
                    .EnumerateObject()
                    .SelectMany(path => path.Value.EnumerateObject(), (path, call) => ApiCall.Of(call.Name, path.Name, call.Value)),
            ],
            document.GetProperty("components").GetProperty("schemas")
        );
    }

    public IEnumerable<string> Records =>
        Schemas.EnumerateObject().Where(schema => schema.Value.TryGetProperty("properties", out _)).Select(schema => schema.Name);

    public ApiCall Of(ApiRoute route) => All.Single(call => call.ToString() == route.ToString());

    public IEnumerable<string> PropertiesOf(string record) =>
        Schemas.GetProperty(record).GetProperty("properties").EnumerateObject().Select(property => property.Name);
}

/// <param name="Bodies">Media types.</param>
/// <param name="Answers">Names of the records, by status; null: no body.</param>
internal sealed record ApiCall(
    string Method,
    string Path,
    string? Summary,
    IReadOnlyList<ApiParameter> Parameters,
    IReadOnlyList<string> Bodies,
    IReadOnlyDictionary<string, string?> Answers
)
{
    public static ApiCall Of(string method, string path, JsonElement call) =>
        new(
            method.ToUpperInvariant(),
            path,
            Text(call, "summary"),
            call.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray().Select(ApiParameter.Of)] : [],
            call.TryGetProperty("requestBody", out var body)
                ? [.. body.GetProperty("content").EnumerateObject().Select(type => type.Name)]
                : [],
            call.GetProperty("responses").EnumerateObject().ToDictionary(answer => answer.Name, answer => Answer(answer.Value))
        );

    public override string ToString() => $"{Method} {Path}";

    internal static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary><c>{"content": {"application/json": {"schema": {"$ref": "#/components/schemas/RestorePlan"}}}}</c></summary>
    private static string? Answer(JsonElement answer) =>
        answer.TryGetProperty("content", out var content) ? Name(content.EnumerateObject().Single().Value.GetProperty("schema")) : null;

    private static string Name(JsonElement schema) =>
        schema.TryGetProperty("items", out var items) ? $"{Name(items)}[]"
        : schema.TryGetProperty("$ref", out var reference) ? reference.GetString()!.Split('/')[^1]
        : ApiCalls.Anything;
}

internal sealed record ApiParameter(string Name, bool IsInPath, bool IsRequired, string? Description)
{
    public static ApiParameter Of(JsonElement parameter) =>
        new(
            parameter.GetProperty("name").GetString()!,
            parameter.GetProperty("in").GetString() == "path",
            parameter.TryGetProperty("required", out var required) && required.GetBoolean(),
            ApiCall.Text(parameter, "description")
        );
}
