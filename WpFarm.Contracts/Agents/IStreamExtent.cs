namespace WpFarm.Contracts.Agents;

/// <summary>The content of a stream, as its trailers describe it.</summary>
public interface IStreamExtent<TSelf>
    where TSelf : class, IStreamExtent<TSelf>
{
    /// <summary>
    /// Every trailer that the agent may send, except <see cref="AgentTrailers.Failure"/>. The agent announces them in <c>Trailer</c>.
    /// </summary>
    static abstract IReadOnlyList<string> TrailerNames { get; }

    /// <summary>The trailers that the agent sends. One whose value is null is not sent.</summary>
    IReadOnlyList<(string Name, string? Value)> Trailers { get; }

    /// <param name="trailer">Returns the value of a trailer by name; null when the agent did not send it.</param>
    /// <returns>Null when a required trailer is missing, because the stream was cut off.</returns>
    /// <exception cref="FormatException">A trailer is not a number.</exception>
    /// <exception cref="OverflowException">A number is too large.</exception>
    static abstract TSelf? Read(Func<string, string?> trailer);
}
