using System.Globalization;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Copies of a server's data, and another's data in place of its own.</summary>
internal sealed partial class DatabaseAgent
{
    /// <param name="since">Null: everything. Otherwise what has changed after the copy, of the same server, that reached to there.</param>
    /// <param name="contents">Whether the tables that are copied are counted, while the server holds still.</param>
    public async Task<DatabaseCopy> CopyAsync(ulong? since, bool contents, CancellationToken cancel)
    {
        string[] wishes =
        [
            .. since is null ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"since={since}") },
            .. contents ? ["contents=1"] : Array.Empty<string>(),
        ];
        var (response, content) = await StreamAsync(wishes is [] ? "/copy" : $"/copy?{string.Join('&', wishes)}", cancel);
        return new(server, response, content);
    }

    /// <summary>Which data it is that would be copied.</summary>
    public Task<DataOrigin> OriginAsync(CancellationToken cancel) => AskAsync("/origin", AgentJson.Default.DataOrigin, cancel);

    /// <summary>Makes a full copy this server's next data, beside the present; with what changed after it, if that follows.</summary>
    public Task TakeBaseAsync(Stream copy, CancellationToken cancel) => PutAsync("/seed/base", copy, cancel);

    public Task TakeIncrementAsync(Stream copy, CancellationToken cancel) => PutAsync("/seed/increment", copy, cancel);

    /// <summary>The server starts again with the next data.</summary>
    /// <param name="at">The position of the copy that it was made from.</param>
    /// <param name="aside">Whether the present data is kept beside it; what was kept before is removed then.</param>
    public Task UseAsync(string at, bool aside, CancellationToken cancel) =>
        OrderAsync(HttpMethod.Post, $"/seed/use?gtid={at}{(aside ? "&aside=1" : "")}", null, cancel);

    /// <summary>The server starts again with no data at all. Only the scratch server does so.</summary>
    public Task EmptyAsync(CancellationToken cancel) => OrderAsync(HttpMethod.Post, "/seed/empty", null, cancel);

    /// <summary>Removes the next data.</summary>
    public Task GiveUpAsync(CancellationToken cancel) => OrderAsync(HttpMethod.Delete, "/seed", null, cancel);

    /// <returns>Null: nothing is kept aside.</returns>
    public async Task<DataAside?> AsideAsync(CancellationToken cancel) =>
        await OrderAsync(HttpMethod.Get, "/aside", null, cancel) is { Length: > 0 } said
        && Parse(said, AgentJson.Default.AsideEntry) is { } aside
            ? new(aside.Bytes, DateTimeOffset.FromUnixTimeSeconds(aside.Since))
            : null;

    /// <summary>Harmless when nothing is kept aside.</summary>
    public Task RemoveAsideAsync(CancellationToken cancel) => OrderAsync(HttpMethod.Delete, "/aside", null, cancel);
}
