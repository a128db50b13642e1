using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>
/// Gives orders about a server's process and files to the agent in its container (images/mariadb/database-agent). Copies are streams of any
/// size: nothing here keeps more of one than a buffer. Calls throw <see cref="HttpRequestException"/> or <see cref="IOException"/> with
/// the agent's reason.
/// </summary>
internal sealed partial class DatabaseAgent(DatabaseServer server, Uri address, DatabaseSettings options, TimeProvider time)
{
    /// <summary>A copy takes as long as it takes; who cancels it is the caller.</summary>
    private static readonly HttpClient s_http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Kills the server like a loss of power, to be started again.</summary>
    public async Task CrashAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Timeout);
        await OrderAsync(HttpMethod.Post, "/crash", null, limit.Token);
    }

    /// <returns>Bytes that are free on the server's disk.</returns>
    public async Task<long> FreeAsync(CancellationToken cancel) =>
        long.Parse(await OrderAsync(HttpMethod.Get, "/free", null, cancel), CultureInfo.InvariantCulture);

    /// <summary>Counts the data, which takes a moment.</summary>
    public async Task<DatabaseRoom> RoomAsync(CancellationToken cancel) =>
        await OrderAsync(HttpMethod.Get, "/room", null, cancel) is var said && said.Split(' ') is [var data, var free]
            ? new(long.Parse(data, CultureInfo.InvariantCulture), long.Parse(free, CultureInfo.InvariantCulture))
            : throw new IOException($"{server}: '{said}' is no answer");

    private const int BufferSize = 1 << 20;

    private async Task<string> OrderAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using var response = await SendAsync(method, path, content, HttpCompletionOption.ResponseContentRead, cancel);
        return (await response.Content.ReadAsStringAsync(cancel)).Trim();
    }

    private Task<string> PutAsync(string path, Stream body, CancellationToken cancel) =>
        OrderAsync(HttpMethod.Put, path, new StreamContent(body, BufferSize), cancel);

    private async Task<T> AskAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Parse(await OrderAsync(HttpMethod.Get, path, null, cancel), type);

    private async Task<(HttpResponseMessage Response, Stream Content)> StreamAsync(string path, CancellationToken cancel)
    {
        var response = await SendAsync(HttpMethod.Get, path, null, HttpCompletionOption.ResponseHeadersRead, cancel);
        return (response, await response.Content.ReadAsStreamAsync(cancel));
    }

    private T Parse<T>(string said, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(said, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new IOException($"{server}: '{said[..Math.Min(said.Length, 100)]}' is no answer: {e.Message}", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        HttpCompletionOption completion,
        CancellationToken cancel
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        request.Headers.Authorization = OrderProof.Of($"{method} {path}", server.Name, options.PasswordFile, time);
        // The agent reads nothing else, and a stream may know its length.
        request.Headers.TransferEncodingChunked = content is not null;
        var response = await s_http.SendAsync(request, completion, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new HttpRequestException($"{server}: {(await response.Content.ReadAsStringAsync(cancel)).Trim()}");
    }
}

/// <param name="Data">Bytes of the server's data.</param>
/// <param name="Free">Bytes that are free beside it.</param>
internal sealed record DatabaseRoom(long Data, long Free)
{
    /// <summary>Beside a copy, bytes for what it needs while it is made ready, and for the server to go on writing.</summary>
    public const long Spare = 256 << 20;
}
