using System.Globalization;

namespace WpFarm.Contracts.Agents;

/// <summary>
/// What the Orchestrator sends to an agent. An order of this type is answered with an empty text, or one that nobody reads.
/// </summary>
/// <remarks>
/// An agent does not remember orders. While its proof is valid (<see cref="OrderProof.Validity"/>) the same order is carried out again when
/// it arrives again; after that the agent refuses it with status 403 and does nothing. Each order says what a repetition does.
/// </remarks>
public abstract record AgentOrder(AgentRoute Route)
{
    /// <summary>
    /// Path and query, exactly as sent. A value is percent-encoded as UTF-8; only letters, digits and <c>-._~,</c> stand as they are.
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

    /// <summary>The query, in the order in which it is sent. An argument that is null is not sent.</summary>
    protected virtual IReadOnlyList<(string Name, string? Value)> Arguments => [];

    public sealed override string ToString() => Line;

    /// <summary>A switch: <c>1</c> when it is on, not sent when it is off.</summary>
    protected static string? Switch(bool on) => on ? "1" : null;

    protected static string? Number<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Encoded((string Name, string? Value) argument) =>
        $"{argument.Name}={Uri.EscapeDataString(argument.Value!).Replace("%2C", ",", StringComparison.Ordinal)}";
}

/// <summary>An order that is answered with a value: JSON (<see cref="AgentJson"/>), unless the order says otherwise.</summary>
/// <typeparam name="TAnswer">What the answer is read as.</typeparam>
public abstract record AgentOrder<TAnswer>(AgentRoute Route) : AgentOrder(Route);

/// <summary>
/// An order that is answered with a stream (<see cref="AgentMediaTypes.Stream"/>), compressed with zstd and sent in chunks (HTTP/1.1,
/// <c>Transfer-Encoding: chunked</c>). What the stream holds, or why it is useless, stands in the trailers after its end.
/// </summary>
/// <remarks>
/// A failure before the first byte is answered with an error status. A failure later ends the chunks in order, and the trailers have
/// <see cref="AgentTrailers.Failure"/>. A stream without failure and without the required trailers broke off. In both cases what was read
/// is of no use. Whoever closes the connection ends the programs that make the stream.
/// </remarks>
/// <typeparam name="TExtent">What the trailers say.</typeparam>
public abstract record AgentStreamOrder<TExtent>(AgentRoute Route) : AgentOrder(Route)
    where TExtent : class, IStreamExtent<TExtent>;
