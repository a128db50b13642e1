using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace WpFarm.ServiceDefaults;

internal static class Telemetry
{
    /// <summary>Set by the farm, and by Aspire: where logs, metrics and traces are sent. Without it nothing is sent; <c>/metrics</c> is there anyway.</summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Our own meters and activity sources are named for their assembly, so all of them are found by this.</summary>
    private const string Ours = "WpFarm.*";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // One JSON object a line for whatever collects the log; a developer at a terminal gets text.
        if (!builder.Environment.IsDevelopment())
            builder.Logging.AddJsonConsole(console =>
                (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ")
            );

        var telemetry = builder
            .Services.AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, where a host sets them, are the names it knows us by.
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(Ours)
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter()
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource(Ours)
                    .AddAspNetCoreInstrumentation(options => options.Filter = context => !HealthEndpoints.IsPolled(context.Request.Path))
                    .AddHttpClientInstrumentation(Describe)
            );

        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
            return;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        telemetry.UseOtlpExporter();
    }

    /// <summary>
    /// A trace says who was asked for what. An answer below 500 is an answer: what is not there yet, or is refused, is often what was asked; and
    /// an agent's 503 says that a server is not ready, which is what it was asked, too. Whoever does not expect it says so in its own span.
    /// </summary>
    private static void Describe(HttpClientTraceInstrumentationOptions options)
    {
        options.EnrichWithHttpRequestMessage = (activity, request) =>
            activity.DisplayName = $"{request.Method} {request.RequestUri?.Host} {request.RequestUri?.AbsolutePath}";
        options.EnrichWithHttpResponseMessage = (activity, response) =>
        {
            if ((int)response.StatusCode is < 500 or 503)
                activity.SetStatus(ActivityStatusCode.Unset);
        };
    }
}
