using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Agents;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>
/// Sends orders about a server's process and files to the agent in its container (images/mariadb/database-agent). Copies are streamed: no
/// more than a buffer of one is held in memory. Calls throw <see cref="HttpRequestException"/> or <see cref="IOException"/> with the
/// agent's reason.
/// </summary>
internal sealed partial class DatabaseAgent(DatabaseServer server, Uri address, DatabaseSettings options, TimeProvider time)
{
    /// <summary>Without a timeout, because the duration of a copy is unknown. The caller cancels it.</summary>
    private static readonly HttpClient s_http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc cref="CrashOrder"/>
    public async Task CrashAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Timeout);
        await OrderAsync(new CrashOrder(), limit.Token);
    }

    /// <returns>Free space in bytes on the server's disk.</returns>
    public Task<long> FreeAsync(CancellationToken cancel) => AskAsync(new FreeOrder(), AgentJson.Default.Int64, cancel);

    /// <inheritdoc cref="RoomOrder"/>
    public async Task<DiskRoom> RoomAsync(CancellationToken cancel) =>
        await OrderAsync(new RoomOrder(), cancel) is var said && DiskRoom.Parse(said) is { } room
            ? room
            : throw new IOException($"{server}: '{said}' is not a valid answer");

    private const int BufferSize = 1 << 20;

    private async Task<string> OrderAsync(AgentOrder order, CancellationToken cancel, HttpContent? content = null)
    {
        using var response = await SendAsync(order, content, HttpCompletionOption.ResponseContentRead, cancel);
        return (await response.Content.ReadAsStringAsync(cancel)).Trim();
    }

    private Task<string> PutAsync(AgentOrder order, Stream body, CancellationToken cancel) =>
        OrderAsync(order, cancel, new StreamContent(body, BufferSize));

    private async Task<T> AskAsync<T>(AgentOrder<T> order, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Parse(await OrderAsync(order, cancel), type);

    private async Task<AgentStream<T>> StreamAsync<T>(AgentStreamOrder<T> order, string what, CancellationToken cancel)
        where T : class, IStreamExtent<T>
    {
        var response = await SendAsync(order, null, HttpCompletionOption.ResponseHeadersRead, cancel);
        return new(server, what, response, await response.Content.ReadAsStreamAsync(cancel));
    }

    private T Parse<T>(string said, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(said, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new IOException($"{server}: '{said[..Math.Min(said.Length, 100)]}' is not a valid answer: {e.Message}", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        AgentOrder order,
        HttpContent? content,
        HttpCompletionOption completion,
        CancellationToken cancel
    )
    {
        using var request = AgentRequest.Of(order, address, server.Name, options.PasswordFile, time);
        request.Content = content;
        // The agent reads only chunked content, but HttpClient would send a length for a stream that knows it.
        request.Headers.TransferEncodingChunked = content is not null;
        var response = await s_http.SendAsync(request, completion, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new HttpRequestException($"{server}: {(await response.Content.ReadAsStringAsync(cancel)).Trim()}");
    }
}
