using System.Net;
using System.Text;
using System.Text.Json;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Tests.Orchestrator.Api;

namespace WpFarm.Tests.Deployment.OrchestratorClient;

/// <summary>The client of commands against the API that the Orchestrator serves.</summary>
public sealed class OrchestratorApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Uri s_nowhere = new("http://nowhere");

    [Fact]
    public async Task An_answer_is_the_record_of_its_route()
    {
        using var orchestrator = host.Client();

        var status = await orchestrator.SendAsync(DatabaseRoutes.Status, CancellationToken.None);

        Assert.Equal("the servers have not been looked at yet", Assert.Single(status.Problems));
    }

    [Theory]
    [InlineData("/api/database", typeof(DatabaseStatus))]
    [InlineData("/api/scaling", typeof(IReadOnlyList<TierScaling>))]
    public async Task An_answer_has_nothing_that_the_record_has_not(string path, Type record)
    {
        using var http = host.Http();

        Assert.NotNull(JsonSerializer.Deserialize(await http.GetStringAsync(new Uri(path, UriKind.Relative)), record, ApiJson.Strict));
    }

    [Fact]
    public async Task What_answers_nothing_is_done()
    {
        using var orchestrator = host.Client();

        await orchestrator.SendAsync(DatabaseRoutes.Acknowledge, CancellationToken.None);
    }

    [Fact]
    public async Task A_request_that_cannot_be_right_is_invalid_input()
    {
        using var orchestrator = host.Client();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() =>
            orchestrator.SendAsync(DatabaseRoutes.Maintain, new("mariadb-p9", On: true), CancellationToken.None)
        );

        Assert.StartsWith("orchestrator: mariadb-p9: is no database server of this farm.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_now_is_a_failed_operation()
    {
        using var orchestrator = host.Client();

        var error = await Assert.ThrowsAsync<OperationFailedException>(() =>
            orchestrator.SendAsync(BackupRoutes.VerifyLatest, CancellationToken.None)
        );

        Assert.Equal("orchestrator: there is no full backup", error.Message);
    }

    [Fact]
    public async Task A_parameter_of_another_type_is_an_error_that_names_the_parameters()
    {
        using var http = host.Http();

        using var answer = await http.PostAsync(new Uri("/api/scaling/tiers/gold/pause/perhaps", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("tier (String), on (Boolean)", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_what_its_record_requires_is_an_error_that_names_it()
    {
        using var orchestrator = new OrchestratorApi(s_nowhere, "", new Answer("""{"writer":"mariadb-p1"}"""));

        var error = await Assert.ThrowsAsync<OperationFailedException>(() =>
            orchestrator.SendAsync(DatabaseRoutes.Status, CancellationToken.None)
        );

        Assert.Contains("GET /api/database is not a DatabaseStatus", error.Message, StringComparison.Ordinal);
        Assert.Contains("'problems'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_Orchestrator_that_does_not_answer_is_a_failed_operation()
    {
        using var orchestrator = new OrchestratorApi(new("http://127.0.0.1:9"), "", new SocketsHttpHandler());

        var error = await Assert.ThrowsAsync<OperationFailedException>(() =>
            orchestrator.SendAsync(DatabaseRoutes.Status, CancellationToken.None)
        );

        Assert.EndsWith("Is the farm up? ./farm status", error.Message, StringComparison.Ordinal);
    }

    private sealed class Answer(string json) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(json, Encoding.UTF8, "application/json") });
    }
}
