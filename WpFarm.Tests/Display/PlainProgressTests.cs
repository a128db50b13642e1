using Microsoft.Extensions.Time.Testing;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Tests.Display;

public sealed class PlainProgressTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly FakeTimeProvider _time = new();
    private readonly PlainProgress _progress;

    public PlainProgressTests() => _progress = new PlainProgress(_output, _time);

    [Fact]
    public void A_service_has_a_line_for_each_change_with_the_seconds_since_the_start()
    {
        _progress.Begin("starting");
        _progress.Services([Redis(ServiceCondition.Absent)]);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        _progress.Services([Redis(ServiceCondition.Starting)]);
        _progress.Services([Redis(ServiceCondition.Starting)]);
        _time.Advance(TimeSpan.FromSeconds(10));
        _progress.Services([Redis(ServiceCondition.Healthy)]);

        Assert.Equal(
            """
               0.0 s starting
               1.5 s   redis-1: starting
              11.5 s   redis-1: healthy

            """,
            _output.ToString()
        );
    }

    [Fact]
    public void Steps_inside_a_build_have_no_line()
    {
        _progress.Report("redis", "[2/5] RUN apt-get update");
        _progress.Report("redis", "built");

        Assert.Equal("   0.0 s   redis: built\n", _output.ToString());
    }

    public void Dispose() => _output.Dispose();

    private static ServiceReport Redis(ServiceCondition state) => new("redis-1", Layer.Caching, state, Running: 1, Wanted: 1, Detail: "");
}
