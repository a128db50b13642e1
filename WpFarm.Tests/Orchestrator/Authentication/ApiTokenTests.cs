using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Authentication;
using WpFarm.Orchestrator.Settings;

namespace WpFarm.Tests.Orchestrator.Authentication;

/// <summary>The authentication handler in a real server on the loopback address.</summary>
public sealed class ApiTokenTests : IAsyncLifetime
{
    private const string Token = "correct-horse";

    private readonly string _file = Path.GetTempFileName();
    private readonly HttpClient _http = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_file, Token + "\n");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSection(new ApiSettings { TokenFile = _file });
        builder.AddApiToken();
        _app = builder.Build();
        _app.MapGet("/open", () => "open");
        _app.MapGroup("/api").RequireAuthorization().MapGet("/secret", () => "secret");
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task The_token_opens_the_api() =>
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/secret", $"Bearer {Token}")).StatusCode);

    [Fact]
    public async Task While_the_token_is_changed_both_are_accepted_and_then_the_next_alone()
    {
        await File.WriteAllTextAsync(_file, $"{Token}\nbattery-staple");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/secret", $"Bearer {Token}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/secret", "Bearer battery-staple")).StatusCode);

        await File.WriteAllTextAsync(_file, "battery-staple");
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/api/secret", $"Bearer {Token}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/secret", "Bearer battery-staple")).StatusCode);
    }

    [Fact]
    public async Task What_needs_no_token_is_open() => Assert.Equal(HttpStatusCode.OK, (await GetAsync("/open", null)).StatusCode);

    [Fact]
    public async Task Without_a_token_the_answer_says_what_is_wanted()
    {
        var response = await GetAsync("/api/secret", null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"wpfarm\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData($"Bearer {Token}x")]
    [InlineData($"Basic {Token}")]
    public async Task Anything_else_is_refused(string authorization)
    {
        var response = await GetAsync("/api/secret", authorization);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await _http.SendAsync(request);
    }
}
