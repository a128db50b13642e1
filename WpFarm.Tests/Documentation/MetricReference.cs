using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WpFarm.Orchestrator.Database;

namespace WpFarm.Tests.Documentation;

/// <summary>docs/reference/metrics.md: every metric that the Orchestrator defines, by its name in Prometheus.</summary>
internal static class MetricReference
{
    private const string Introduction = """
        # Metrics

        The metrics that the Orchestrator makes itself, generated from its meters. It serves them at `/metrics`, and Prometheus reads them
        under the job `orchestrator`, beside those of ASP.NET Core, of HTTP clients and of the .NET runtime. The other services publish
        metrics of their own: HAProxy, the pools, MariaDB and Redis through their exporters, the node exporter. Which of all these mean
        trouble: [alerts](alerts.md).

        """;

    public static IReadOnlyList<Metric> All { get; } = [.. Read()];

    public static string Write()
    {
        var text = new StringBuilder(Introduction);
        text.Append("\n| metric | kind | meaning |\n|---|---|---|\n");
        foreach (var metric in All)
            text.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {metric.Kind} | {metric.Description} |\n");
        return text.ToString();
    }

    /// <summary>
    /// Instantiates each class of the Orchestrator whose name ends in Metrics, and listens for the instruments that it creates.
    /// </summary>
    private static IEnumerable<Metric> Read()
    {
        var found = new List<Instrument>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        // Other tests create meters of the same name in parallel.
        listener.InstrumentPublished = (instrument, _) => found.AddRange(instrument.Meter.Scope == meters ? [instrument] : []);
        listener.Start();
        var types = typeof(DatabaseMetrics).Assembly.GetTypes();
        foreach (var type in types.Where(type => !type.IsNested && type.Name.EndsWith("Metrics", StringComparison.Ordinal)))
            Make(type, meters);
        return found.Select(Metric.Of).OrderBy(metric => metric.Name, StringComparer.Ordinal);
    }

    /// <summary>Creates arguments that need not work: an instrument reads its value only when it is observed.</summary>
    private static void Make(Type type, IMeterFactory meters)
    {
        var constructor = type.GetConstructors().Single();
        constructor.Invoke([
            .. constructor
                .GetParameters()
                .Select(parameter =>
                    parameter.ParameterType == typeof(IMeterFactory) ? meters
                    : parameter.ParameterType == typeof(TimeProvider) ? TimeProvider.System
                    : RuntimeHelpers.GetUninitializedObject(parameter.ParameterType)
                ),
        ]);
    }
}

/// <param name="Name">The name in Prometheus: with its unit, and <c>_total</c> for a counter.</param>
internal sealed record Metric(string Name, string Kind, string Description)
{
    public static Metric Of(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        var kind = new[] { "counter", "histogram", "gauge" }.Single(kind => type.Contains(kind, StringComparison.OrdinalIgnoreCase));
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return new($"{instrument.Name.Replace('.', '_')}{unit}{(kind == "counter" ? "_total" : "")}", kind, instrument.Description ?? "");
    }
}
