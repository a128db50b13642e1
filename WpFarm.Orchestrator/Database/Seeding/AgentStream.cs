using System.Globalization;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>What an agent sends while it makes it, compressed by zstd. What it is, or why it failed, is said after its end.</summary>
internal abstract class AgentStream(DatabaseServer server, string what, HttpResponseMessage response, Stream content) : IDisposable
{
    public Stream Content => content;

    public void Dispose() => response.Dispose();

    /// <exception cref="IOException">It failed on the way; what was read is of no use.</exception>
    protected void ThrowIfFailed()
    {
        if (Trailer("Copy-Failure") is { } failure)
            throw new IOException($"{server}: {what} failed: {failure}");
    }

    /// <exception cref="IOException">It ended without.</exception>
    protected string Required(string name) => Trailer(name) ?? throw new IOException($"{server}: {what} broke off");

    protected string? Trailer(string name) => response.TrailingHeaders.TryGetValues(name, out var values) ? values.First() : null;

    protected static DateTimeOffset? Moment(string? seconds) =>
        seconds is null ? null : DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
}
