using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Settings;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>
/// Gives orders about the snapshots of the uploads to the agent beside them (images/uploads-backup). Calls throw
/// <see cref="UploadsException"/> with the agent's reason. It carries out one order at a time, and breaks off the one whose call is cancelled;
/// an order that was broken off has changed nothing that can be seen, and can be given again.
/// </summary>
internal sealed class UploadsAgent(IOptions<UploadsSettings> options, TimeProvider time, HttpMessageHandler? handler = null) : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A first snapshot takes hours; who cancels it is the caller.</summary>
    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Makes one, and the repository when there is none.</summary>
    public Task<UploadsSnapshotReport> SnapshotAsync(CancellationToken cancel) =>
        OrderAsync<UploadsSnapshotReport>(HttpMethod.Post, "/snapshots", cancel);

    /// <returns>The oldest first.</returns>
    public async Task<IReadOnlyList<UploadsSnapshot>> SnapshotsAsync(CancellationToken cancel) =>
        (await AskAsync<SnapshotList>("/snapshots", cancel)).Snapshots;

    /// <summary>Forgets snapshots, and removes what only they had. Those that are gone already are passed over; the last one stays.</summary>
    public Task<UploadsForgetReport> ForgetAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        OrderAsync<UploadsForgetReport>(HttpMethod.Post, $"/forget?ids={string.Join(',', ids)}", cancel);

    /// <summary>Whether all that the snapshots need is there.</summary>
    /// <param name="percent">0 to 100: how much of the data is read as well, picked by chance.</param>
    public Task<UploadsCheckReport> CheckAsync(double percent, CancellationToken cancel) =>
        OrderAsync<UploadsCheckReport>(
            HttpMethod.Post,
            string.Create(CultureInfo.InvariantCulture, $"/check?percent={percent:0.##}"),
            cancel
        );

    public Task<UploadsRestoreReport> RestoreAsync(UploadsRestore restore, CancellationToken cancel) =>
        OrderAsync<UploadsRestoreReport>(HttpMethod.Post, Query(restore), cancel);

    /// <returns>Ids of the restores that have left something aside, the oldest first.</returns>
    public async Task<IReadOnlyList<string>> RestoresAsync(CancellationToken cancel) =>
        (await AskAsync<RestoreList>("/restores", cancel)).Restores;

    /// <summary>Removes what a restore has left aside.</summary>
    public Task RemoveRestoreAsync(string id, CancellationToken cancel) =>
        OrderAsync<object>(HttpMethod.Delete, $"/restore?id={Uri.EscapeDataString(id)}", cancel);

    /// <summary>Restores files picked by chance, and compares them.</summary>
    /// <param name="count">1 to 200.</param>
    public Task<UploadsSample> SampleAsync(string snapshot, int count, CancellationToken cancel) =>
        OrderAsync<UploadsSample>(
            HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"/sample?snapshot={snapshot}&count={count}"),
            cancel
        );

    public Task<UploadsProgress> ProgressAsync(CancellationToken cancel) => AskAsync<UploadsProgress>("/progress", cancel);

    public void Dispose() => _http.Dispose();

    private static string Query(UploadsRestore restore) =>
        string.Concat(
            $"/restore?snapshot={restore.Snapshot}&target={(restore.InPlace ? "in-place" : "beside")}",
            restore.Site is null ? "" : $"&site={Uri.EscapeDataString(restore.Site)}",
            restore.Path is null ? "" : $"&path={Uri.EscapeDataString(restore.Path)}"
        );

    private async Task<T> AskAsync<T>(string path, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.Timeout);
        try
        {
            return await OrderAsync<T>(HttpMethod.Get, path, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UploadsException(
                UploadsFault.AgentUnreachable,
                $"{options.Value.Name} has not answered GET {path} within {options.Value.Timeout.TotalSeconds:0} s."
            );
        }
    }

    private async Task<T> OrderAsync<T>(HttpMethod method, string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri(options.Value.Address, path));
        request.Headers.Authorization = OrderProof.Of(
            $"{method} {request.RequestUri!.PathAndQuery}",
            options.Value.Name,
            options.Value.KeyFile,
            time
        );
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            var said = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<T>(said, s_json)!
                : throw Refusal(JsonSerializer.Deserialize<FaultAnswer>(said, s_json)!);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw new UploadsException(
                UploadsFault.AgentUnreachable,
                $"{options.Value.Name} does not answer {method} {path} ({e.Message}). Is the service running?",
                e
            );
        }
    }

    private UploadsException Refusal(FaultAnswer answer) => new(answer.Fault, $"{options.Value.Name}: {answer.Message}");

    private sealed record SnapshotList(IReadOnlyList<UploadsSnapshot> Snapshots);

    private sealed record RestoreList(IReadOnlyList<string> Restores);

    private sealed record FaultAnswer(UploadsFault Fault, string Message);
}
