namespace WpFarm.Contracts.Agents;

/// <summary>What the trailers of a stream say about its content.</summary>
public interface IStreamExtent<TSelf>
    where TSelf : class, IStreamExtent<TSelf>
{
    /// <summary>
    /// Every trailer that may come, without <see cref="AgentTrailers.Failure"/>: the agent announces them in <c>Trailer</c>.
    /// </summary>
    static abstract IReadOnlyList<string> TrailerNames { get; }

    /// <summary>What the agent sends. A value that is null is not sent.</summary>
    IReadOnlyList<(string Name, string? Value)> Trailers { get; }

    /// <param name="trailer">The value of a trailer by its name; null when the agent did not send it.</param>
    /// <returns>Null when a required trailer is missing: the stream broke off.</returns>
    /// <exception cref="FormatException">A trailer is not a number.</exception>
    /// <exception cref="OverflowException">A number is too large.</exception>
    static abstract TSelf? Read(Func<string, string?> trailer);
}
