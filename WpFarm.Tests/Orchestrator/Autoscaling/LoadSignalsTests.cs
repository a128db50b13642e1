using Microsoft.Extensions.Time.Testing;
using WpFarm.Scaling;
using WpFarm.Topology;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

public sealed class LoadSignalsTests
{
    private static readonly Service s_pool = Farm.Build(new FarmOptions()).PoolOf("silver");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task All_signals_of_a_pool_are_one_question()
    {
        var prometheus = new FakePrometheus(_time) { Age = TimeSpan.FromSeconds(7) };

        var signals = await prometheus.Client.OfAsync(s_pool, 8, 2, CancellationToken.None);

        Assert.Equal([Signal.Cpu, Signal.Memory, Signal.Latency, Signal.Queue, Signal.Busy], signals.Keys.Order());
        Assert.Equal(new Measurement(50, _time.GetUtcNow() - TimeSpan.FromSeconds(7)), signals[Signal.Cpu]);
        Assert.Contains("""{job="container",service="pool-silver"}""", prometheus.Asked, StringComparison.Ordinal);
        Assert.Contains("/ 8", prometheus.Asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 3, 2)]
    [InlineData(6, 0, 6)]
    public async Task The_queue_is_shared_out_among_those_that_answer(double waiting, int ready, double each)
    {
        var prometheus = new FakePrometheus(_time) { Values = { [Signal.Queue] = waiting } };

        Assert.Equal(each, (await prometheus.Client.OfAsync(s_pool, 8, ready, CancellationToken.None))[Signal.Queue].Value);
    }

    [Fact]
    public async Task What_Prometheus_does_not_know_is_missing()
    {
        var prometheus = new FakePrometheus(_time);
        prometheus.Values.Remove(Signal.Latency);

        Assert.DoesNotContain(Signal.Latency, await prometheus.Client.OfAsync(s_pool, 8, 2, CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"signal":"Cpu"},"value":[1,"70"]}]}}""")]
    public async Task Without_the_time_of_a_measurement_nothing_is_known(string answer)
    {
        var prometheus = new FakePrometheus(_time) { Answer = answer };

        Assert.Empty(await prometheus.Client.OfAsync(s_pool, 8, 2, CancellationToken.None));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"status":"error","errorType":"bad_data","error":"parse error"}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"1"]}]}}""")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"signal":"Cpu"},"value":[1,"many"]}]}}""")]
    public async Task Anything_else_is_no_answer(string answer)
    {
        var prometheus = new FakePrometheus(_time) { Answer = answer };

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => prometheus.Client.OfAsync(s_pool, 8, 2, CancellationToken.None));
        Assert.StartsWith("Prometheus answered something else than signals", e.Message, StringComparison.Ordinal);
    }
}
