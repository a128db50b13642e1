using System.Net;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Sites;
using WpFarm.Tests.Topology;
using WpFarm.Topology;

namespace WpFarm.Tests.Orchestrator.Sites;

public sealed class SiteCachesTests : IDisposable
{
    private static readonly Site s_site = TestFarms.OneBox.Sites[0];

    private readonly Pool _pool = new();
    private readonly SiteCaches _caches;

    public SiteCachesTests() => _caches = new(_pool, Options.Create(new CronSettings { Balancer = new("http://haproxy:8081") }));

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("/a/page/")]
    public async Task A_pool_is_told_which_site_and_page_to_forget(string? page)
    {
        await _caches.PurgeAsync(s_site, default, page);

        Assert.Equal($"POST http://haproxy:8081/.farm/forget {s_site.Host} forget {page}", _pool.Asked);
    }

    [Fact]
    public async Task A_cache_that_does_not_answer_is_named()
    {
        (_pool.Status, _pool.Answer) = (HttpStatusCode.ServiceUnavailable, "Redis does not answer\n");

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => _caches.PurgeAsync(s_site, default));

        Assert.Equal($"{s_site.Id}: Redis does not answer, status 503", failure.Message);
    }

    /// <summary>Notes what it is asked.</summary>
    private sealed class Pool : HttpMessageHandler, IHttpClientFactory
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public string Answer { get; set; } = "forgotten\n";

        public string Asked { get; private set; } = "";

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = request.Headers;
            Asked =
                $"{request.Method} {request.RequestUri} {headers.Host} {string.Join(' ', headers.GetValues("X-Farm-Order"))} "
                + (headers.TryGetValues("X-Farm-Path", out var page) ? page.Single() : "");
            return Task.FromResult(new HttpResponseMessage(Status) { Content = new StringContent(Answer) });
        }
    }
}
