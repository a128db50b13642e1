using System.Net;
using System.Text.Json;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Tests.Contracts.Api.Routes;

namespace WpFarm.Tests.Orchestrator.Api;

/// <summary>The routes of the contracts and the document that the Orchestrator publishes say the same.</summary>
public sealed class ApiDocumentTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_calls_are_the_routes_of_the_contracts()
    {
        var document = await ApiCalls.ReadAsync(host);

        Assert.Equal(
            AllRoutes.Known.Select(route => route.ToString()).Order(StringComparer.Ordinal),
            document.All.Select(call => call.ToString()).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_call_does_what_its_route_says()
    {
        var document = await ApiCalls.ReadAsync(host);

        Assert.All(AllRoutes.Known, route => Assert.Equal(route.Summary, document.Of(route).Summary));
    }

    [Fact]
    public async Task A_call_has_the_parameters_of_its_route()
    {
        var document = await ApiCalls.ReadAsync(host);

        Assert.All(AllRoutes.Known, route =>
        {
            var call = document.Of(route);
            Assert.Equal(
                AllRoutes.ParametersOf(route).Order(StringComparer.Ordinal),
                call.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal)
            );
            Assert.Equal(route.HasBody ? ["application/octet-stream"] : [], call.Bodies);
            Assert.All(call.Parameters, parameter =>
            {
                Assert.Equal(route.Path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal), parameter.IsInPath);
                Assert.False(string.IsNullOrWhiteSpace(parameter.Description), $"{route}: {parameter.Name} is not described");
            });
        });
    }

    [Fact]
    public async Task A_call_answers_what_its_route_says_or_a_problem()
    {
        var document = await ApiCalls.ReadAsync(host);

        Assert.All(AllRoutes.Known, route =>
        {
            var answers = document.Of(route).Answers;
            Assert.Equal(
                route.HasAnswer ? ("200", NameOf(route.Answer))
                    : route.Answer == typeof(Begun) ? ("202", (string?)null)
                    : ("204", null),
                answers.Where(answer => answer.Key[0] == '2').Select(answer => (answer.Key, answer.Value)).Single()
            );
            Assert.All(["400", "401", "409"], problem => Assert.Equal("ProblemDetails", answers[problem]));
        });
    }

    [Fact]
    public async Task A_record_has_its_properties()
    {
        var document = await ApiCalls.ReadAsync(host);

        Assert.All(Records(), record =>
            Assert.Equal(
                record
                    .GetProperties()
                    .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
                    .Order(StringComparer.Ordinal),
                document.PropertiesOf(record.Name).Order(StringComparer.Ordinal)
            )
        );
    }

    [Fact]
    public async Task Only_who_has_the_token_gets_it()
    {
        using var http = host.Http(withToken: false);

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(ApiCalls.Path, UriKind.Relative))).StatusCode);
    }

    private static string NameOf(Type answer) =>
        answer == typeof(JsonElement) ? ApiCalls.Anything
        : answer is { IsGenericType: true } ? $"{answer.GetGenericArguments()[0].Name}[]"
        : answer.Name;

    /// <summary>The records that are answered, and those in them.</summary>
    private static HashSet<Type> Records()
    {
        var found = new HashSet<Type>();
        var next = new Queue<Type>(AllRoutes.Known.Where(route => route.HasAnswer).Select(route => route.Answer));
        while (next.TryDequeue(out var type))
            if (type.IsGenericType)
                Array.ForEach(type.GetGenericArguments(), next.Enqueue);
            else if (type is { IsEnum: false, Namespace: "WpFarm.Contracts.Api" } && found.Add(type))
                Array.ForEach(type.GetProperties(), property => next.Enqueue(property.PropertyType));
        return found;
    }
}
