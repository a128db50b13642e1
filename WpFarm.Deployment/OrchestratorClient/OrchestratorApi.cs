using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Swarm;
using WpFarm.Topology;

namespace WpFarm.Deployment.OrchestratorClient;

/// <summary>What the farm's Orchestrator knows and does, asked over its API.</summary>
public sealed class OrchestratorApi : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Of a farm on this machine.</summary>
    /// <exception cref="InvalidInputException">The farm has no secrets, so it was never started here.</exception>
    public OrchestratorApi(Farm farm, FarmInstance instance)
        : this(new($"http://127.0.0.1:{farm.Options.Management.OrchestratorPort}/api/"), instance, new SocketsHttpHandler()) { }

    private OrchestratorApi(Uri address, FarmInstance instance, SocketsHttpHandler handler)
    {
        var token = instance.SecretsWith(Secret.ApiToken).Read(Secret.ApiToken);
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(90) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Of a farm on a swarm, of which the engine is a manager.</summary>
    /// <param name="context">Docker context of the engine; null is what the environment says.</param>
    /// <returns>Null when it is not, or has no such farm.</returns>
    /// <exception cref="InvalidInputException">The farm was not deployed from here: its secrets are elsewhere.</exception>
    public static async Task<OrchestratorApi?> OnSwarmAsync(FarmInstance instance, CancellationToken cancel, string? context = null) =>
        await OrchestratorTunnel.FindAsync(instance.Project, context, cancel) is { } tunnel
            ? new(
                new("http://orchestrator/api/"),
                instance,
                new SocketsHttpHandler { ConnectCallback = async (_, cancel) => await tunnel.OpenAsync(cancel) }
            )
            : null;

    public void Dispose() => _http.Dispose();

    public Task<DatabaseStatus> DatabaseAsync(CancellationToken cancel) => GetAsync<DatabaseStatus>("database/", cancel);

    /// <param name="to">Null: the other primary.</param>
    /// <exception cref="OperationFailedException">The Orchestrator refused, or could not; says why. Who takes writes is as before.</exception>
    public Task SwitchOverAsync(string? to, CancellationToken cancel) =>
        PostAsync($"database/switchover{(to is null ? "" : $"?to={Uri.EscapeDataString(to)}")}", cancel);

    public Task MaintainAsync(string server, bool on, CancellationToken cancel) =>
        PostAsync($"database/servers/{Uri.EscapeDataString(server)}/maintenance/{(on ? "true" : "false")}", cancel);

    /// <summary>Orders a copy of another server's data in place of the server's own; it comes when it can, and is seen in <see cref="DatabaseStatus.Seeds"/>.</summary>
    /// <param name="on">Off: takes the order back.</param>
    public Task ReseedAsync(string server, bool on, CancellationToken cancel) =>
        PostAsync($"database/servers/{Uri.EscapeDataString(server)}/reseed/{(on ? "true" : "false")}", cancel);

    /// <summary>Every server takes the password up that it fetches from the others with.</summary>
    /// <exception cref="OperationFailedException">One could not; says which.</exception>
    public Task RenewReplicationPasswordAsync(CancellationToken cancel) => PostAsync("database/replication-password", cancel);

    /// <summary>Somebody has looked at the last failover; the next may come at any time.</summary>
    public Task AcknowledgeAsync(CancellationToken cancel) => PostAsync("database/acknowledge", cancel);

    /// <summary>Purges a site's caches of pages, objects and query results.</summary>
    /// <param name="page">Path of a page: purges that page alone, from the page cache. Null: everything.</param>
    /// <exception cref="OperationFailedException">A cache was not purged; the message names it.</exception>
    public Task ForgetAsync(string site, string? page, CancellationToken cancel)
    {
        var query = page is null ? "" : $"?page={Uri.EscapeDataString(page)}";
        return PostAsync($"sites/{Uri.EscapeDataString(site)}/forget{query}", cancel);
    }

    /// <exception cref="OperationFailedException">This farm makes none.</exception>
    public Task<BackupStatus> BackupsAsync(CancellationToken cancel) => GetAsync<BackupStatus>("backups/", cancel);

    public Task<IReadOnlyList<BackupEntry>> BackupListAsync(CancellationToken cancel) =>
        GetAsync<IReadOnlyList<BackupEntry>>("backups/list", cancel);

    /// <returns>The manifest.</returns>
    public Task<JsonElement> BackupAsync(string id, CancellationToken cancel) =>
        GetAsync<JsonElement>($"backups/{Uri.EscapeDataString(id)}", cancel);

    /// <param name="kind"><c>full</c>, <c>incremental</c> or <c>uploads</c>.</param>
    public Task MakeBackupAsync(string kind, CancellationToken cancel) => PostAsync($"backups/now/{kind}", cancel);

    /// <summary>One site's database, as statements.</summary>
    public Task BackUpSiteAsync(string site, CancellationToken cancel) => PostAsync($"backups/site/{Uri.EscapeDataString(site)}", cancel);

    /// <summary>What it takes to bring the farm up elsewhere (<see cref="ConfigurationArchive"/>).</summary>
    /// <returns>The id of the backup that holds it: the last one, when that is the same.</returns>
    public Task<string> KeepConfigurationAsync(byte[] archive, CancellationToken cancel) =>
        AskAsync(async () =>
        {
            using var content = new ByteArrayContent(archive);
            using var response = await _http.PutAsync(new Uri("backups/configuration", UriKind.Relative), content, cancel);
            await CheckAsync(response, "backups/configuration", cancel);
            return (await response.Content.ReadFromJsonAsync<Kept>(cancel))?.Id ?? throw new JsonException("null");
        });

    /// <param name="id">Null: all that the latest moment is recovered from.</param>
    public Task VerifyBackupAsync(string? id, CancellationToken cancel) =>
        PostAsync(id is null ? "backups/verify" : $"backups/{Uri.EscapeDataString(id)}/verify", cancel);

    public Task PruneBackupsAsync(CancellationToken cancel) => PostAsync("backups/prune", cancel);

    /// <summary>Tries a restore.</summary>
    public Task DrillAsync(CancellationToken cancel) => PostAsync("drills/", cancel);

    /// <returns>The latest first.</returns>
    public Task<IReadOnlyList<DrillOutcome>> DrillsAsync(CancellationToken cancel) =>
        GetAsync<IReadOnlyList<DrillOutcome>>("drills/", cancel);

    /// <exception cref="OperationFailedException">It cannot be; says why, and what could be done instead.</exception>
    public Task<RestorePlan> PlanRestoreAsync(RestoreOrder order, CancellationToken cancel) =>
        GetAsync<RestorePlan>($"restore/plan{order.Query}", cancel);

    public Task RestoreAsync(RestoreOrder order, CancellationToken cancel) => PostAsync($"restore/{order.Query}", cancel);

    public Task GiveUpRestoreAsync(CancellationToken cancel) => PostAsync("restore/give-up", cancel);

    /// <summary>How the tiers are, and what was last decided about them.</summary>
    public Task<IReadOnlyList<TierScaling>> ScalingAsync(CancellationToken cancel) =>
        GetAsync<IReadOnlyList<TierScaling>>("scaling/", cancel);

    /// <summary>What would be decided now, also of tiers that are not scaled.</summary>
    public Task<IReadOnlyList<TierScaling>> TryScalingAsync(CancellationToken cancel) =>
        GetAsync<IReadOnlyList<TierScaling>>("scaling/dry-run", cancel);

    /// <returns>The latest first.</returns>
    public Task<IReadOnlyList<ScalingChange>> ScalingLogAsync(CancellationToken cancel) =>
        GetAsync<IReadOnlyList<ScalingChange>>("scaling/log", cancel);

    /// <exception cref="InvalidInputException">There is no such tier, or it may not have so many.</exception>
    /// <exception cref="OperationFailedException">It cannot be now; says why.</exception>
    /// <param name="dryRun">Only say what would change.</param>
    public Task<ScalingChange> ScaleAsync(string tier, int replicas, bool dryRun, CancellationToken cancel) =>
        ReadAsync<ScalingChange>(
            HttpMethod.Post,
            $"scaling/tiers/{Uri.EscapeDataString(tier)}/replicas/{replicas}?dryRun={(dryRun ? "true" : "false")}",
            cancel
        );

    public Task PauseScalingAsync(string tier, bool on, CancellationToken cancel) =>
        PostAsync($"scaling/tiers/{Uri.EscapeDataString(tier)}/pause/{(on ? "true" : "false")}", cancel);

    /// <summary>Nothing is scaled until it is released, ten minutes at most.</summary>
    public Task HoldScalingAsync(CancellationToken cancel) => PostAsync("scaling/hold", cancel);

    public Task ReleaseScalingAsync(CancellationToken cancel) => SendAsync(HttpMethod.Delete, "scaling/hold", cancel);

    private Task<T> GetAsync<T>(string path, CancellationToken cancel) => ReadAsync<T>(HttpMethod.Get, path, cancel);

    private Task<bool> PostAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, cancel);

    private Task<T> ReadAsync<T>(HttpMethod method, string path, CancellationToken cancel) =>
        AskAsync(async () =>
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancel);
            await CheckAsync(response, path, cancel);
            return await response.Content.ReadFromJsonAsync<T>(cancel) ?? throw new JsonException("null");
        });

    private Task<bool> SendAsync(HttpMethod method, string path, CancellationToken cancel) =>
        AskAsync(async () =>
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancel);
            await CheckAsync(response, path, cancel);
            return true;
        });

    private static async Task CheckAsync(HttpResponseMessage response, string path, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode)
            return;
        var problem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? (await response.Content.ReadFromJsonAsync<Problem>(cancel))?.Detail
                : null;
        var message = $"orchestrator: {problem ?? $"{path} answered {(int)response.StatusCode}"}";
        throw (int)response.StatusCode == 400 ? new InvalidInputException(message) : new OperationFailedException(message);
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException e)
        {
            throw new OperationFailedException($"The Orchestrator does not answer ({e.Message}). Is the farm up? ./farm status");
        }
    }

    private sealed record Problem(string? Detail);

    private sealed record Kept(string Id);
}

/// <summary>The database as the Orchestrator last saw it.</summary>
/// <param name="Writer">Null when there is none, or more than one.</param>
/// <param name="Problems">Empty when all is well.</param>
public sealed record DatabaseStatus(
    string? Writer,
    IReadOnlyList<string> Problems,
    DateTimeOffset? ObservedAt,
    DateTimeOffset? FailedOverAt,
    IReadOnlyList<DatabaseServerStatus> Servers,
    IReadOnlyList<WriterChange> Promotions,
    IReadOnlyList<ServerSeed> Seeds
);

/// <param name="Failure">Why it did not answer; null when it did.</param>
/// <param name="Acknowledges">Commits of the writer are answered once it has them.</param>
public sealed record DatabaseServerStatus(
    string Name,
    string Role,
    string? Failure,
    bool? ReadOnly,
    string? Gtid,
    double? LagSeconds,
    bool Acknowledges,
    bool Maintenance,
    bool Reseeding,
    IReadOnlyList<ReplicationChannel> Channels
);

/// <param name="Error">Of a channel that does not run; null when there is none.</param>
public sealed record ReplicationChannel(string Name, string Source, bool Running, double? LagSeconds, string? Error);

/// <summary>One change of the writer, in its phases.</summary>
public sealed record WriterChange(
    string? From,
    string To,
    string Reason,
    DateTimeOffset Since,
    string? Running,
    IReadOnlyList<ProcedurePhase> Phases,
    string? Failure,
    DateTimeOffset? Ended
);

/// <summary>One copy of a server's data that another got, in its phases.</summary>
/// <param name="Bytes">Of the compressed copy, so far.</param>
/// <param name="Saved">On the server's volume: transactions that nobody else had.</param>
public sealed record ServerSeed(
    string From,
    string To,
    string Reason,
    DateTimeOffset Since,
    long Bytes,
    string? Saved,
    string? Running,
    IReadOnlyList<ProcedurePhase> Phases,
    string? Failure,
    DateTimeOffset? Ended
);

public sealed record ProcedurePhase(string Name, TimeSpan Took, string Result);

/// <summary>What was last seen of a tier, and decided about it.</summary>
/// <param name="Mode"><c>off</c>, <c>on</c>, <c>paused</c>, <c>held</c>, <c>waiting</c> or <c>blind</c>.</param>
/// <param name="Signals">CPU, memory and busy workers in percent, latency in milliseconds, queue in requests for each container.</param>
/// <param name="Reason">The last decision, in words.</param>
/// <param name="Trouble">What kept it from being looked at, decided or done.</param>
public sealed record TierScaling(
    string Tier,
    string Mode,
    int Min,
    int Max,
    DateTimeOffset? At,
    int? Replicas,
    int? Wanted,
    int? Ready,
    int? Capacity,
    IReadOnlyDictionary<string, double> Signals,
    string? Reason,
    string Alert,
    string? Trouble
);

/// <summary>A change of a tier's containers.</summary>
/// <param name="By"><c>load</c> or <c>person</c>.</param>
/// <param name="Failure">Why not all of it could be done; null when it was.</param>
public sealed record ScalingChange(DateTimeOffset At, string Tier, int From, int To, string By, string Reason, string? Failure);
