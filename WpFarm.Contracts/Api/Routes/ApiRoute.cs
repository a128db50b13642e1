using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace WpFarm.Contracts.Api.Routes;

/// <summary>One call of the Orchestrator's API. The Orchestrator maps its endpoint from it, and clients send it.</summary>
public abstract class ApiRoute(HttpMethod method, string path, string summary, Type parameters, Type answer)
{
    public HttpMethod Method => method;

    /// <summary>The path, with its parameters in braces: <c>/api/backups/{id}</c>.</summary>
    public string Path => path;

    /// <summary>What the call does.</summary>
    public string Summary => summary;

    /// <summary>
    /// A record, of which each property is a parameter: in the path where that names it, in the query otherwise.
    /// <see cref="NoParameters"/>: there are none. <see cref="byte"/>[]: the body.
    /// </summary>
    public Type Parameters => parameters;

    /// <summary>The record that is answered; <see cref="Done"/> or <see cref="Begun"/>: nothing is.</summary>
    public Type Answer => answer;

    public bool HasBody => Parameters == typeof(byte[]);

    public bool HasAnswer => Answer != typeof(Done) && Answer != typeof(Begun);

    public override string ToString() => $"{Method} {Path}";
}

/// <inheritdoc />
/// <typeparam name="TParameters"><see cref="ApiRoute.Parameters"/></typeparam>
/// <typeparam name="TAnswer"><see cref="ApiRoute.Answer"/></typeparam>
public sealed class ApiRoute<TParameters, TAnswer>(HttpMethod method, string path, string summary)
    : ApiRoute(method, path, summary, typeof(TParameters), typeof(TAnswer))
    where TParameters : notnull
{
    /// <summary>The path and the query of one call.</summary>
    public string PathOf(TParameters parameters)
    {
        if (HasBody)
            return Path;
        var (path, query) = (Path, new List<string>());
        foreach (var property in Parameters.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(parameters) is not { } value)
                continue;
            var (name, text) = (JsonNamingPolicy.CamelCase.ConvertName(property.Name), Uri.EscapeDataString(Text(value)));
            if (path.Contains($"{{{name}}}", StringComparison.Ordinal))
                path = path.Replace($"{{{name}}}", text, StringComparison.Ordinal);
            // A flag that is false is not sent.
            else if (value is not false)
                query.Add($"{name}={text}");
        }

        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private static string Text(object value) =>
        value switch
        {
            bool on => on ? "true" : "false",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}

/// <summary>Of a call without parameters.</summary>
public sealed record NoParameters;

/// <summary>The answer to a call that answers nothing: what it asks for is done.</summary>
public sealed record Done;

/// <summary>The answer to a call that answers nothing: a job has begun, and is in <see cref="BackupStatus.Reports"/>.</summary>
public sealed record Begun;
