using System.Globalization;
using System.Text;
using WpFarm.Tests.Orchestrator.Api;

namespace WpFarm.Tests.Documentation;

/// <summary>docs/reference/api.md: the calls that the Orchestrator's OpenAPI document has.</summary>
internal static class ApiReference
{
    private const string Introduction = """
        # API

        The calls of the Orchestrator, generated from the OpenAPI document that it publishes at `/api/openapi.json`. On this machine it
        listens at `127.0.0.1`, at the port `management.orchestratorPort` of farm.json. Each call, and the document, needs the farm's token
        as `Authorization: Bearer TOKEN`.

        A path has each parameter in braces; the others are in the query, where those with a `?` may be left out. Names and values in JSON
        are in camelCase. What is not answered as said here is `application/problem+json`, whose `detail` says what is wrong:

        | status | meaning |
        |---|---|
        | 200 | the answer is JSON |
        | 202 | a job has begun; `GET /api/backups` has its progress among the reports |
        | 204 | done |
        | 400 | the request must be changed first |
        | 401 | the token is missing or not this farm's |
        | 409 | it cannot be done now |

        """;

    public static string Write(ApiCalls calls)
    {
        var text = new StringBuilder(Introduction);
        foreach (var area in calls.All.GroupBy(call => call.Path.Split('/')[2]).OrderBy(area => area.Key, StringComparer.Ordinal))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n## {area.Key}\n\n| call | parameters | answer | what it does |\n|---|---|---|---|\n"
            );
            foreach (
                var call in area.OrderBy(call => call.Path, StringComparer.Ordinal).ThenBy(call => call.Method, StringComparer.Ordinal)
            )
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| `{call}` | {string.Join("<br>", Parameters(call))} | {Answer(call)} | {Cell(call.Summary ?? "")} |\n"
                );
        }

        text.Append("\n## Records\n\n| record | properties |\n|---|---|\n");
        foreach (var record in calls.Records.OrderBy(record => record, StringComparer.Ordinal))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {record} | {string.Join(", ", calls.PropertiesOf(record).Select(property => $"`{property}`"))} |\n"
            );
        return text.ToString();
    }

    private static IEnumerable<string> Parameters(ApiCall call) =>
        call
            .Parameters.Select(parameter => $"`{parameter.Name}`{(parameter.IsRequired ? "" : "?")}: {Cell(parameter.Description ?? "")}")
            .Concat(call.Bodies.Select(body => $"body: `{body}`"));

    private static string Answer(ApiCall call)
    {
        var (status, type) = call.Answers.Single(answer => answer.Key[0] == '2');
        return type ?? status;
    }

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
