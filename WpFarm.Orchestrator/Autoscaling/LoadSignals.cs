using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using WpFarm.Scaling;
using WpFarm.Topology;
using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.ReverseProxy;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>
/// Reads the load from Prometheus, with one query for each pool or other part of the farm.
/// https://prometheus.io/docs/prometheus/latest/querying/api/
/// </summary>
internal sealed class LoadSignals(HttpClient http)
{
    private const string SignalLabel = "signal";

    /// <summary>Time at which Prometheus last scraped one of the containers. The signals are not younger.</summary>
    private const string ReadAt = "ReadAt";

    private const string Replicas = "Replicas";
    private const string Ready = "Ready";

    /// <param name="workers">Number of PHP workers of one container.</param>
    /// <param name="ready">Number of containers that answer requests.</param>
    /// <returns>The known signals. A signal without a value is left out.</returns>
    /// <exception cref="HttpRequestException">Prometheus does not answer, or its answer is invalid.</exception>
    public async Task<IReadOnlyDictionary<Signal, Measurement>> OfAsync(Service pool, int workers, int ready, CancellationToken cancel)
    {
        var signals = Measurements(await AskAsync(Question(pool.Name, workers), cancel));
        // The queue is shared by all containers.
        if (signals.TryGetValue(Signal.Queue, out var queue))
            signals[Signal.Queue] = queue with { Value = queue.Value / Math.Max(1, ready) };
        return signals;
    }

    /// <summary>Observes the read replicas: their number, how many answer, and the statements that run on them.</summary>
    /// <param name="cpus">CPU limit of one of them, in cores.</param>
    /// <exception cref="HttpRequestException">Prometheus does not answer, or its answer is invalid, or it knows none of them.</exception>
    public Task<TierObservation> OfReadReplicasAsync(double cpus, CancellationToken cancel)
    {
        const string Of = $$"""{job="{{DatabaseServers.Job}}",service=~"{{DatabaseServers.ReplicaPrefix}}[0-9]+"}""";
        // The running threads include the exporter's and, for each channel, the receiving and the applying thread.
        const string Statements =
            $"avg_over_time(mysql_global_status_threads_running{Of}[1m]) - 1 - on(service) "
            + $"sum by(service) (mysql_slave_status_slave_io_running{Of} + mysql_slave_status_slave_sql_running{Of})";
        return CountedAsync(
            [
                (Replicas, $"count(up{Of})"),
                (Ready, $"count(mysql_up{Of} == 1)"),
                (nameof(Signal.Statements), string.Create(CultureInfo.InvariantCulture, $"100 * avg(clamp_min({Statements}, 0)) / {cpus}")),
                (ReadAt, $"max(timestamp(mysql_up{Of}))"),
            ],
            "read replica",
            cancel
        );
    }

    /// <summary>Observes Traefik's containers, one for each edge node: their number, how many answer, and their CPU use.</summary>
    /// <param name="cpus">CPU limit of one of them, in cores.</param>
    /// <exception cref="HttpRequestException">Prometheus does not answer, or its answer is invalid, or it knows none of them.</exception>
    public Task<TierObservation> OfEdgeAsync(double cpus, CancellationToken cancel)
    {
        const string Of = $$"""{job="{{Traefik.Job}}"}""";
        return CountedAsync(
            [
                (Replicas, $"count(up{Of})"),
                (Ready, $"count(up{Of} == 1)"),
                (
                    nameof(Signal.Cpu),
                    string.Create(CultureInfo.InvariantCulture, $"100 * avg(rate(process_cpu_seconds_total{Of}[1m])) / {cpus}")
                ),
                (ReadAt, $"max(timestamp(process_cpu_seconds_total{Of}))"),
            ],
            "Traefik",
            cancel
        );
    }

    private async Task<TierObservation> CountedAsync((string Name, string Expression)[] parts, string what, CancellationToken cancel)
    {
        var values = await AskAsync(parts, cancel);
        if (!values.TryGetValue(Replicas, out var replicas))
            throw new HttpRequestException($"Prometheus knows of no {what}");
        return new TierObservation
        {
            Replicas = (int)replicas,
            Ready = (int)values.GetValueOrDefault(Ready),
            Signals = Measurements(values),
        };
    }

    private async Task<Dictionary<string, double>> AskAsync((string Name, string Expression)[] parts, CancellationToken cancel)
    {
        var question = string.Join(
            " or ",
            parts.Select(part => $"label_replace({part.Expression}, \"{SignalLabel}\", \"{part.Name}\", \"\", \"\")")
        );
        using var form = new FormUrlEncodedContent([new("query", question)]);
        try
        {
            using var response = await http.PostAsync(new Uri("api/v1/query", UriKind.Relative), form, cancel);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync(PrometheusJson.Default.PrometheusAnswer, cancel);
            var samples = answer?.Data?.Result ?? throw new JsonException("an answer without a result");
            return samples.ToDictionary(sample => sample.Metric[SignalLabel], sample => sample.Number);
        }
        catch (Exception e)
            when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new HttpRequestException($"Prometheus answered something else than signals: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException($"Prometheus did not answer within {http.Timeout.TotalSeconds:0.#} s", e);
        }
    }

    private static Dictionary<Signal, Measurement> Measurements(Dictionary<string, double> values)
    {
        if (!values.TryGetValue(ReadAt, out var seconds))
            return [];
        var at = DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        return Enum.GetValues<Signal>()
            .Where(signal => values.ContainsKey(signal.ToString()))
            .ToDictionary(signal => signal, signal => new Measurement(values[signal.ToString()], at));
    }

    /// <summary>
    /// The query for a pool's signals. CPU and pages cover the last minute, which is four scrapes. A new container has no rate yet and does
    /// not count. With no pages at all, the latency is 0 ms; if pages are not counted, it is unknown. The queue is what waits in the load
    /// balancer.
    /// </summary>
    private static (string Name, string Expression)[] Question(string pool, int workers)
    {
        var of = $$"""{job="{{Pool.ContainerJob}}",service="{{pool}}"}""";
        var pages = $"sum(rate(wpfarm_pages_total{of}[1m]))";
        return
        [
            (
                nameof(Signal.Cpu),
                $"100 * avg(rate(wpfarm_container_cpu_seconds_total{of}[1m]) / on(instance) wpfarm_container_cpu_limit_cores{of})"
            ),
            (nameof(Signal.Memory), $"100 * avg(wpfarm_container_memory_bytes{of} / on(instance) wpfarm_container_memory_limit_bytes{of})"),
            (nameof(Signal.Latency), $"1000 * sum(rate(wpfarm_page_seconds_total{of}[1m])) / ({pages} > 0) or 0 * {pages}"),
            (nameof(Signal.Queue), $$"""sum(haproxy_backend_current_queue{proxy="{{pool}}"})"""),
            (nameof(Signal.Busy), string.Create(CultureInfo.InvariantCulture, $"100 * avg(wpfarm_container_php_requests{of}) / {workers}")),
            (ReadAt, $"max(timestamp(wpfarm_container_memory_bytes{of}))"),
        ];
    }
}

/// <param name="Data">The result. Null when the answer is an error.</param>
internal sealed record PrometheusAnswer(PrometheusVector? Data);

internal sealed record PrometheusVector(IReadOnlyList<PrometheusSample> Result);

/// <param name="Value">The time of the query, and the value as text.</param>
internal sealed record PrometheusSample(IReadOnlyDictionary<string, string> Metric, IReadOnlyList<JsonElement> Value)
{
    [JsonIgnore]
    public double Number => double.Parse(Value[1].GetString()!, CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PrometheusAnswer))]
internal sealed partial class PrometheusJson : JsonSerializerContext;
