using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Authentication;

namespace WpFarm.Orchestrator.Certificates;

/// <summary>What the edges ask for, with the edge key, and an ACME authority through them, without one.</summary>
internal static class EdgeEndpoint
{
    /// <summary>Not "Bearer": the API's tokens are others.</summary>
    private const string Scheme = "Edge ";

    /// <summary>Maps nothing when the farm ends no TLS.</summary>
    public static void MapEdge(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<AcmeChallenges>() is null)
            return;
        var options = app.ServiceProvider.GetRequiredService<IOptions<CertificateSettings>>();
        app.MapGet("/edge/certificates", (HttpContext context, CertificateState state) => !IsEdge(context.Request, options.Value)
                ? Results.Unauthorized()
            : state.Bundle is not { } bundle ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Bundle(context, bundle));
        app.MapGet(AcmeChallenges.Path + "{token}", async (string token, AcmeChallenges challenges, CancellationToken cancel) =>
            await challenges.AnswerAsync(token, cancel) is { } answer ? Results.Text(answer) : Results.NotFound()
        );
    }

    private static IResult Bundle(HttpContext context, EdgeBundle bundle)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ETag = bundle.Tag;
        return context.Request.Headers.IfNoneMatch.Contains(bundle.Tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(bundle.Archive, "application/x-tar");
    }

    private static bool IsEdge(HttpRequest request, CertificateSettings settings)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.Ordinal) && new ApiToken(settings.KeyFile).Matches(header[Scheme.Length..]);
    }
}
