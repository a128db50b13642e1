using System.Reflection;
using System.Text.Json;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Api;

internal static class ApiRoutes
{
    /// <summary>
    /// Maps a call to its handler. The handler takes the route's parameters with <see cref="AsParametersAttribute"/>, and services as
    /// further parameters. It returns the answer, or throws <see cref="InvalidRequestException"/> or <see cref="RefusedException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The handler takes other parameters than the route, or returns another answer.</exception>
    public static void Map(this IEndpointRouteBuilder api, ApiRoute route, Delegate handler)
    {
        Check(route, handler.Method);
        var endpoint = api.MapMethods(ApiDocument.PatternOf(route.Path), [route.Method.Method], handler)
            .AddEndpointFilter((call, next) => AnswerAsync(route, call, next))
            .WithMetadata(route)
            .WithSummary(route.Summary)
            .WithTags(route.Path.Split('/')[2])
            .Produces(Success(route), route.HasAnswer ? route.Answer : null)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status409Conflict);
        if (route.HasBody)
            endpoint.Accepts(typeof(byte[]), "application/octet-stream");
    }

    private static int Success(ApiRoute route) =>
        route.HasAnswer ? StatusCodes.Status200OK
        : route.Answer == typeof(Begun) ? StatusCodes.Status202Accepted
        : StatusCodes.Status204NoContent;

    private static async ValueTask<object?> AnswerAsync(ApiRoute route, EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        // The framework sets this status and gives no details.
        if (call.HttpContext.Response.StatusCode == StatusCodes.Status400BadRequest)
            return Results.Problem($"{route}: {Expected(route)}", statusCode: StatusCodes.Status400BadRequest);
        try
        {
            var answer = await next(call);
            return route.HasAnswer ? answer : Results.StatusCode(Success(route));
        }
        catch (InvalidRequestException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (Exception e) when (e is RefusedException or HttpRequestException or TimeoutException)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static string Expected(ApiRoute route) =>
        "a parameter is missing, or its value is not of its type. Parameters: "
        + string.Join(
            ", ",
            route
                .Parameters.GetProperties()
                .Select(parameter => $"{JsonNamingPolicy.CamelCase.ConvertName(parameter.Name)} ({parameter.PropertyType.Name})")
        );

    private static void Check(ApiRoute route, MethodInfo handler)
    {
        if (
            !route.HasBody
            && route.Parameters != typeof(NoParameters)
            && !handler
                .GetParameters()
                .Any(parameter => parameter.ParameterType == route.Parameters && parameter.IsDefined(typeof(AsParametersAttribute)))
        )
            throw new ArgumentException($"{route}: its handler does not take [AsParameters] {route.Parameters.Name}.", nameof(handler));
        var answer =
            handler.ReturnType == typeof(Task) ? typeof(void)
            : handler.ReturnType is { IsGenericType: true } task && task.GetGenericTypeDefinition() == typeof(Task<>)
                ? task.GetGenericArguments()[0]
            : handler.ReturnType;
        if (answer != (route.HasAnswer ? route.Answer : typeof(void)))
            throw new ArgumentException($"{route}: its handler returns {answer}, not {route.Answer}.", nameof(handler));
    }
}

/// <summary>The request is invalid. The message says what the caller must change.</summary>
internal sealed class InvalidRequestException(string message) : Exception(message);
