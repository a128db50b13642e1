using System.Globalization;

namespace WpFarm.Contracts.Agents;

/// <summary>
/// A request of the Orchestrator to an agent. The answer to an order of this type is empty or is not read.
/// </summary>
/// <remarks>
/// Agents do not remember orders. While the proof of an order is valid (<see cref="OrderProof.Validity"/>), an agent carries the order out
/// each time it arrives. After that it refuses the order with status 403. Each order documents what a repetition does.
/// </remarks>
public abstract record AgentOrder(AgentRoute Route)
{
    /// <summary>
    /// Path and query, exactly as sent. Values are percent-encoded as UTF-8; only letters, digits and <c>-._~,</c> remain unencoded.
    /// </summary>
    public string Target
    {
        get
        {
            var query = string.Join('&', Arguments.Where(argument => argument.Value is not null).Select(Encoded));
            return query is "" ? Route.Path : $"{Route.Path}?{query}";
        }
    }

    /// <summary>Method, path and query, for example <c>GET /copy?since=5</c>. The proof covers this text.</summary>
    public string Line => $"{Route.Method} {Target}";

    /// <summary>The query parameters in the order in which they are sent. A parameter whose value is null is not sent.</summary>
    protected virtual IReadOnlyList<(string Name, string? Value)> Arguments => [];

    public sealed override string ToString() => Line;

    /// <summary>The value of a flag: <c>1</c> when it is set; null, and so not sent, when it is not.</summary>
    protected static string? Switch(bool on) => on ? "1" : null;

    protected static string? Number<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Encoded((string Name, string? Value) argument) =>
        $"{argument.Name}={Uri.EscapeDataString(argument.Value!).Replace("%2C", ",", StringComparison.Ordinal)}";
}

/// <summary>An order whose answer is a value: JSON (<see cref="AgentJson"/>), unless the order says otherwise.</summary>
/// <typeparam name="TAnswer">Type of the answer.</typeparam>
public abstract record AgentOrder<TAnswer>(AgentRoute Route) : AgentOrder(Route);

/// <summary>
/// An order whose answer is a stream (<c>application/octet-stream</c>), compressed with zstd and sent in chunks (HTTP/1.1,
/// <c>Transfer-Encoding: chunked</c>). The trailers after its end describe its content, or name the failure.
/// </summary>
/// <remarks>
/// If the agent fails before the first byte, it answers with an error status. If it fails later, it ends the chunks properly and sends
/// <see cref="AgentTrailers.Failure"/>. A stream without that trailer and without the required ones was cut off. In both cases the
/// receiver must discard what it read. When the receiver closes the connection, the agent ends the programs that produce the stream.
/// </remarks>
/// <typeparam name="TExtent">Content of the trailers.</typeparam>
public abstract record AgentStreamOrder<TExtent>(AgentRoute Route) : AgentOrder(Route)
    where TExtent : class, IStreamExtent<TExtent>;
