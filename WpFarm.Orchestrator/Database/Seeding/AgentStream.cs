using WpFarm.Contracts.Agents;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>A stream that an agent sends while producing it, compressed with zstd.</summary>
/// <param name="what">Name of the content for error messages, for example <c>the copy</c>.</param>
internal sealed class AgentStream<TExtent>(DatabaseServer server, string what, HttpResponseMessage response, Stream content) : IDisposable
    where TExtent : class, IStreamExtent<TExtent>
{
    public Stream Content => content;

    /// <summary>What the stream holds. It is known once <see cref="Content"/> was read to its end.</summary>
    /// <exception cref="IOException">The stream failed or was aborted. The data that was read is useless.</exception>
    public TExtent Extent()
    {
        if (Trailer(AgentTrailers.Failure) is { } failure)
            throw new IOException($"{server}: {what} failed: {failure}");
        try
        {
            return TExtent.Read(Trailer) ?? throw new IOException($"{server}: {what} ended early");
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new IOException($"{server}: the trailers after {what} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => response.Dispose();

    private string? Trailer(string name) => response.TrailingHeaders.TryGetValues(name, out var values) ? values.First() : null;
}
