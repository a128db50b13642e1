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
    /// <summary>
    /// Where logs, metrics and traces are sent. The farm or Aspire sets it. Without it nothing is sent; <c>/metrics</c> is served all the
    /// same.
    /// </summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Matches all of our own meters and activity sources, which are named for their assembly.</summary>
    private const string Ours = "WpFarm.*";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // Log collectors get one JSON object per line; a developer at a terminal gets text.
        if (!builder.Environment.IsDevelopment())
            builder.Logging.AddJsonConsole(console =>
                (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ")
            );

        var telemetry = builder
            .Services.AddOpenTelemetry()
            // A host may set OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES to the names by which it knows the service.
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
    /// Names each client span by method, host and path. Does not mark a response below 500 as an error: "not found" and "refused" are often
    /// the answer that the caller asked for. Nor a 503: an agent answers it to say that a server is not ready. A caller that does not
    /// expect such an answer marks its own span.
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
