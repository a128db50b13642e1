using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace WpFarm.Orchestrator.Api;

/// <summary>The OpenAPI description of the API. It is generated for each request, so it takes no memory between requests.</summary>
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
    /// The pattern under which a path is mapped. Its parameters are written like the properties of the record (<c>{Id}</c>), because the
    /// generator finds a property's description by its exact name. Routing treats <c>{Id}</c> and <c>{id}</c> alike.
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

    /// <summary>Renames parameters, which have the names of properties, to their names in JSON.</summary>
    private static Task NameAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
        return Task.CompletedTask;
    }

    /// <summary>Matches the first letter of each parameter of a path.</summary>
    [GeneratedRegex(@"(?<=\{)\w")]
    private static partial Regex Parameter();
}
