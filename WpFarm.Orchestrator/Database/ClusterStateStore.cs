using System.Data.Common;

namespace WpFarm.Orchestrator.Database;

/// <summary>Stores the cluster state on the database servers, and reads it back.</summary>
internal sealed class ClusterStateStore(IReadOnlyList<IDatabaseServer> servers, TimeProvider time)
{
    private long _number;
    private string? _text;

    /// <summary>True once the state was read from the servers. Nothing may be decided before.</summary>
    public bool IsRead { get; private set; }

    /// <returns>
    /// The latest stored state. Null when fewer servers answer than the read quorum. When none of them has a state, a new one whose history
    /// begins now, whatever older backups the farm's bucket holds.
    /// </returns>
    public async Task<ClusterState?> ReadAsync(CancellationToken cancel)
    {
        var answers = await Task.WhenAll(
            servers.Select(server =>
                TryAsync<(bool Answered, StateVersion? Version)>(async () => (true, await server.ReadStateAsync(cancel)), cancel)
            )
        );
        if (answers.Count(answer => answer.Answered) < StoredClusterState.ReadQuorum(servers.Count))
            return null;
        var latest = answers.Select(answer => answer.Version).OfType<StateVersion>().MaxBy(version => version.Number);
        (IsRead, _number, _text) = (true, latest?.Number ?? 0, latest?.Text);
        return latest is null
            ? new ClusterState { HistorySince = time.GetUtcNow() }
            : StoredClusterState.Read(latest.Text, [.. servers.Select(server => server.Identity)]);
    }

    /// <summary>Stores the state on the servers, unless it is unchanged.</summary>
    /// <param name="observed">
    /// The latest observations. Only servers that answered are written to, so that nobody waits for the others.
    /// </param>
    /// <exception cref="TimeoutException">Fewer servers than the write quorum stored the state. The caller must not act on it.</exception>
    public async Task WriteAsync(ClusterState known, IReadOnlyList<ServerObservation> observed, CancellationToken cancel)
    {
        var text = StoredClusterState.Write(known);
        if (text == _text)
            return;
        // A number is never used twice, not even when too few servers stored it.
        var version = new StateVersion(++_number, text);
        var took = await Task.WhenAll(
            servers
                .Where(server => observed.Any(seen => seen.Server == server.Identity && seen.Answers))
                .Select(server =>
                    TryAsync(
                        async () =>
                        {
                            await server.StoreStateAsync(version, cancel);
                            return true;
                        },
                        cancel
                    )
                )
        );
        if (took.Count(took => took) < StoredClusterState.WriteQuorum(servers.Count))
            throw new TimeoutException($"only {took.Count(took => took)} of {servers.Count} servers stored the cluster state");
        _text = text;
    }

    private static async Task<T?> TryAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is DbException or TimeoutException && !cancel.IsCancellationRequested)
        {
            return default;
        }
    }
}
