using System.Collections.Immutable;
using System.Text.Json;
using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// <see cref="ClusterState"/> as it is stored on the database servers themselves, so that an Orchestrator that starts anywhere can continue
/// from it. Each change has a higher number. A change is in force once half of the servers have it, and is read from more than half, so at
/// least one of the servers that are read has it.
/// </summary>
internal sealed record StoredClusterState(
    string? Writer,
    IReadOnlyDictionary<string, string?>? Holders,
    bool Awaited,
    IReadOnlyList<string> Deposed,
    IReadOnlyList<string> Maintenance,
    IReadOnlyList<string>? Reseeding,
    IReadOnlyList<Gap> Gaps,
    DateTimeOffset? FailedOverAt,
    string? Restoring = null,
    DateTimeOffset? HistorySince = null,
    IReadOnlyList<string>? ScalingPaused = null,
    DateTimeOffset? ScalingHeldUntil = null
)
{
    public static string Write(ClusterState known) =>
        JsonSerializer.Serialize(
            new StoredClusterState(
                known.Writer?.Name,
                known
                    .Holders?.OrderBy(holder => holder.Key.Name, StringComparer.Ordinal)
                    .ToDictionary(holder => holder.Key.Name, holder => holder.Value?.ToString()),
                known.Awaited,
                Names(known.Deposed),
                Names(known.Maintenance),
                Names(known.Reseeding),
                known.Gaps,
                known.FailedOverAt,
                known.Restoring?.Name,
                known.HistorySince,
                [.. known.ScalingPaused.Order(StringComparer.Ordinal)],
                known.ScalingHeldUntil
            )
        );

    /// <exception cref="JsonException">The text does not have this format.</exception>
    public static ClusterState Read(string text, IReadOnlyList<DatabaseServer> servers)
    {
        var stored = JsonSerializer.Deserialize<StoredClusterState>(text) ?? throw new JsonException("null is no knowledge.");
        // Servers that are no longer part of the farm are left out.
        var named = servers.ToDictionary(server => server.Name);
        return new ClusterState
        {
            Writer = stored.Writer is { } writer ? named.GetValueOrDefault(writer) : null,
            Holders = stored
                .Holders?.Where(holder => named.ContainsKey(holder.Key))
                .ToImmutableDictionary(holder => named[holder.Key], holder => holder.Value is { } mark ? GtidPosition.Parse(mark) : null),
            Awaited = stored.Awaited,
            Deposed = Servers(stored.Deposed),
            Maintenance = Servers(stored.Maintenance),
            Reseeding = Servers(stored.Reseeding ?? []),
            Gaps = [.. stored.Gaps],
            FailedOverAt = stored.FailedOverAt,
            Restoring = stored.Restoring is { } restoring ? named.GetValueOrDefault(restoring) : null,
            HistorySince = stored.HistorySince,
            ScalingPaused = [.. stored.ScalingPaused ?? []],
            ScalingHeldUntil = stored.ScalingHeldUntil,
        };

        ImmutableHashSet<DatabaseServer> Servers(IReadOnlyList<string> names) =>
            [.. names.Where(named.ContainsKey).Select(name => named[name])];
    }

    private static IReadOnlyList<string> Names(ImmutableHashSet<DatabaseServer> servers) =>
        [.. servers.Select(server => server.Name).Order(StringComparer.Ordinal)];

    /// <summary>Number of servers that must store a change before anything relies on it.</summary>
    public static int WriteQuorum(int servers) => servers - ReadQuorum(servers) + 1;

    /// <summary>Number of servers that must be read to be sure of the latest change.</summary>
    public static int ReadQuorum(int servers) => (servers / 2) + 1;
}

/// <summary>The cluster state as one server stores it.</summary>
/// <param name="Number">Number of the change. A higher number is later.</param>
internal sealed record StateVersion(long Number, string Text);
