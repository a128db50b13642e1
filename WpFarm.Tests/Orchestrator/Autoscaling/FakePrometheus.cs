using System.Globalization;
using System.Net;
using System.Text;
using WpFarm.Orchestrator.Autoscaling;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

/// <summary>Answers the question about signals with what a test says they are.</summary>
internal sealed class FakePrometheus(TimeProvider time) : HttpMessageHandler
{
    public Dictionary<Signal, double> Values { get; } =
        new()
        {
            [Signal.Cpu] = 50,
            [Signal.Memory] = 40,
            [Signal.Latency] = 100,
            [Signal.Queue] = 0,
            [Signal.Busy] = 20,
        };

    /// <summary>Of parts that are no pools: how many there are, and answer.</summary>
    public Dictionary<string, double> Counts { get; } = [];

    public TimeSpan Age { get; set; }

    public bool IsDown { get; set; }

    /// <summary>What it answers instead.</summary>
    public string? Answer { get; set; }

    public string Asked { get; private set; } = "";

    public LoadSignals Client => new(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://prometheus:9090") });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new HttpRequestException("Connection refused (prometheus:9090)");
        Asked = WebUtility.UrlDecode(await request.Content!.ReadAsStringAsync(cancellationToken));
        var at = (time.GetUtcNow() - Age).ToUnixTimeMilliseconds() / 1000.0;
        var samples = Values
            .Select(value => (Name: value.Key.ToString(), value.Value))
            .Concat(Counts.Select(count => (count.Key, count.Value)))
            .Append(("ReadAt", at))
            .Select(sample =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"metric":{"signal":"{{sample.Item1}}"},"value":[{{at}},"{{sample.Item2}}"]}"""
                )
            );
        return new HttpResponseMessage
        {
            Content = new StringContent(
                Answer ?? $$"""{"status":"success","data":{"resultType":"vector","result":[{{string.Join(',', samples)}}]} }""",
                Encoding.UTF8,
                "application/json"
            ),
        };
    }
}
