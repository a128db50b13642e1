using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Sites;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Sites;

public sealed class SiteCronTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Clock _time = new();
    private readonly Balancer _balancer = new();

    public void Dispose()
    {
        _services.Dispose();
        _balancer.Dispose();
    }

    [Fact]
    public async Task Each_site_has_its_turn_once_a_minute_spread_evenly()
    {
        using var cron = Cron("a", "b", "c");
        await cron.StartAsync(CancellationToken.None);
        await _time.TimerStarted;

        foreach (var expected in new[] { "a", "b", "c", "a", "b", "c" })
        {
            _time.Advance(TimeSpan.FromSeconds(20));
            Assert.Equal($"{expected}.farm.localhost http://haproxy:8081/wp-cron.php", await _balancer.NextAsync());
        }

        await cron.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_site_that_fails_does_not_keep_the_next_from_its_turn()
    {
        _balancer.Status = HttpStatusCode.ServiceUnavailable;
        using var cron = Cron("a", "b");
        await cron.StartAsync(CancellationToken.None);
        await _time.TimerStarted;

        _time.Advance(TimeSpan.FromSeconds(30));
        await _balancer.NextAsync();
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.StartsWith("b.", await _balancer.NextAsync(), StringComparison.Ordinal);
        await cron.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_farm_without_sites_calls_nobody()
    {
        using var cron = Cron();

        await cron.StartAsync(CancellationToken.None);

        await cron.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private SiteCron Cron(params string[] sites) =>
        new(
            Farm.Build(new FarmOptions { Sites = sites.ToDictionary(id => id, _ => new SiteOptions()) }),
            _balancer,
            new SiteCronMetrics(_services.GetRequiredService<IMeterFactory>()),
            Options.Create(new CronSettings { Balancer = new("http://haproxy:8081") }),
            _time,
            NullLogger<SiteCron>.Instance
        );

    /// <summary>Signals when there is a timer to advance: a background service starts on a thread of its own.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task TimerStarted => _started.Task.WaitAsync(TimeSpan.FromSeconds(10));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _started.TrySetResult();
            return timer;
        }
    }

    /// <summary>Stands in for HAProxy: answers, and records the requested hosts.</summary>
    private sealed class Balancer : HttpMessageHandler, IHttpClientFactory
    {
        private readonly BlockingCollection<string> _calls = [];

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        public Task<string> NextAsync() =>
            Task.Run(() => _calls.TryTake(out var call, TimeSpan.FromSeconds(10)) ? call : "no call within 10 s");

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _calls.Add($"{request.Headers.Host} {request.RequestUri}", cancellationToken);
            return Task.FromResult(new HttpResponseMessage(Status));
        }

        protected override void Dispose(bool disposing)
        {
            _calls.Dispose();
            base.Dispose(disposing);
        }
    }
}
