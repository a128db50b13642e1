using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Uploads;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Agents;

namespace WpFarm.Orchestrator.Backups.Uploads;

/// <summary>
/// Sends orders about snapshots of the uploads to the agent beside the uploads (images/uploads-backup). Calls throw <see
/// cref="UploadsException"/> with the agent's reason. The agent carries out one order at a time, and aborts the one whose call is
/// cancelled. An aborted order has no visible effect and can be sent again.
/// </summary>
internal sealed class UploadsAgent(IOptions<UploadsSettings> options, TimeProvider time, HttpMessageHandler? handler = null) : IDisposable
{
    /// <summary>Without a timeout, because a first snapshot takes hours. The caller cancels it.</summary>
    private readonly HttpClient _http = new(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc cref="MakeSnapshotOrder"/>
    public Task<UploadsSnapshotReport> SnapshotAsync(CancellationToken cancel) =>
        OrderAsync(new MakeSnapshotOrder(), AgentJson.Default.UploadsSnapshotReport, cancel);

    /// <returns>The snapshots, the oldest first.</returns>
    public async Task<IReadOnlyList<UploadsSnapshot>> SnapshotsAsync(CancellationToken cancel) =>
        (await AskAsync(new ListSnapshotsOrder(), AgentJson.Default.UploadsSnapshotList, cancel)).Snapshots;

    /// <inheritdoc cref="ForgetSnapshotsOrder"/>
    public Task<UploadsForgetReport> ForgetAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) =>
        OrderAsync(new ForgetSnapshotsOrder(ids), AgentJson.Default.UploadsForgetReport, cancel);

    /// <inheritdoc cref="CheckSnapshotsOrder"/>
    public Task<UploadsCheckReport> CheckAsync(double percent, CancellationToken cancel) =>
        OrderAsync(new CheckSnapshotsOrder(percent), AgentJson.Default.UploadsCheckReport, cancel);

    public Task<UploadsRestoreReport> RestoreAsync(UploadsRestoreOrder restore, CancellationToken cancel) =>
        OrderAsync(restore, AgentJson.Default.UploadsRestoreReport, cancel);

    /// <returns>Ids of the restores that kept replaced files, the oldest first.</returns>
    public async Task<IReadOnlyList<string>> RestoresAsync(CancellationToken cancel) =>
        (await AskAsync(new ListRestoresOrder(), AgentJson.Default.UploadsRestoreList, cancel)).Restores;

    /// <inheritdoc cref="RemoveRestoreOrder"/>
    public Task RemoveRestoreAsync(string id, CancellationToken cancel) => SendAsync(new RemoveRestoreOrder(id), cancel);

    /// <inheritdoc cref="SampleOrder"/>
    public Task<UploadsSample> SampleAsync(string snapshot, int count, CancellationToken cancel) =>
        OrderAsync(new SampleOrder(snapshot, count), AgentJson.Default.UploadsSample, cancel);

    public Task<UploadsProgress> ProgressAsync(CancellationToken cancel) =>
        AskAsync(new ProgressOrder(), AgentJson.Default.UploadsProgress, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(AgentOrder<T> order, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Value.Timeout);
        try
        {
            return await OrderAsync(order, type, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UploadsException(
                UploadsFault.AgentUnreachable,
                $"{options.Value.Name} has not answered {order} within {options.Value.Timeout.TotalSeconds:0} s."
            );
        }
    }

    private async Task<T> OrderAsync<T>(AgentOrder<T> order, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var said = await SendAsync(order, cancel);
        return Parse(order, said, type);
    }

    /// <returns>The agent's answer to an order that it carried out.</returns>
    private async Task<string> SendAsync(AgentOrder order, CancellationToken cancel)
    {
        using var request = AgentRequest.Of(order, options.Value.Address, options.Value.Name, options.Value.KeyFile, time);
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            var said = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode ? said : throw Refusal(Parse(order, said, AgentJson.Default.UploadsRefusal));
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(order, e);
        }
    }

    private T Parse<T>(AgentOrder order, string said, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(said, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw Unreachable(order, e);
        }
    }

    private UploadsException Refusal(UploadsRefusal refusal) => new(refusal.Fault, $"{options.Value.Name}: {refusal.Message}");

    private UploadsException Unreachable(AgentOrder order, Exception why) =>
        new(UploadsFault.AgentUnreachable, $"{options.Value.Name} does not answer {order} ({why.Message}). Is the service running?", why);
}
