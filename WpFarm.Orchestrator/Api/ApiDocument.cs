using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WpFarm.Orchestrator.Api;

/// <summary>
/// The description of the API, in the OpenAPI format. It is generated when it is asked for: nothing is kept in memory for it.
/// </summary>
internal static partial class ApiDocument
{
    private const string Path = "/api/openapi.json";
    private const string Token = "token";

    public static void AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(DescribeAsync).AddOperationTransformer(NameAsync);
            options.CreateSchemaReferenceId = json =>
                json.Type == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(json);
        });
    }

    public static void MapDocument(this IEndpointRouteBuilder api) => api.MapOpenApi(Path);

    /// <summary>
    /// The pattern by which a path is mapped: its parameters are written as the properties of the record (<c>{Id}</c>), since the generator
    /// finds a property's description by its exact name. Routing does not tell <c>{Id}</c> from <c>{id}</c>.
    /// </summary>
    public static string PatternOf(string path) => Parameter().Replace(path, match => match.Value.ToUpperInvariant());

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new() { Title = "WpFarm Orchestrator", Version = OrchestratorVersion.Text };
        document.Servers = [];
        var paths = document.Paths.ToList();
        document.Paths.Clear();
        foreach (var (path, item) in paths)
            document.Paths.Add(Parameter().Replace(path, match => match.Value.ToLowerInvariant()), item);
        document.Components ??= new();
        document.AddComponent(Token, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Token, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>Parameters have the names of properties, and are sent as these are in JSON.</summary>
    private static Task NameAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        return Task.CompletedTask;
    }

    /// <summary>The first letter of each parameter of a path.</summary>
    [GeneratedRegex(@"(?<=\{)\w")]
    private static partial Regex Parameter();
}
