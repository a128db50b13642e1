using static WpFarm.Orchestrator.Database.ReplicationAction;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// What to do about the servers as they were last seen. Pure: the same observations give the same actions, and none when
/// the servers are as they should be: each follows every (other) primary, and exactly one primary takes writes.
/// </summary>
internal static class ReplicationPlan
{
    /// <param name="servers">One observation per server, the preferred primary first.</param>
    /// <returns>Actions, the most urgent first: a second writer does harm at once, a missing channel only later.</returns>
    public static IReadOnlyList<ReplicationAction> Decide(IReadOnlyList<ServerObservation> servers) => [.. Writers(servers), .. Channels(servers)];

    private static IEnumerable<ReplicationAction> Writers(IReadOnlyList<ServerObservation> servers)
    {
        var writable = servers.Where(server => server.IsWritable).ToList();
        if (writable.Count == 0)
            return [Promote(servers)];

        var writer = MostAdvanced(writable.Where(server => server.Server.IsPrimary).ToList());
        return writable.Where(server => server != writer).Select(server => new MakeReadOnly(server.Server, writer is null
            ? $"{server.Server} is a replica, and takes writes"
            : $"{server.Server} and {writer.Server} both take writes, and {writer.Server} keeps them"));
    }

    /// <summary>
    /// A primary that does not answer may hold transactions that the others lack, or may still take writes: as long as one is
    /// silent nobody is promoted. (Failover, which knows when that may be done, takes this place.)
    /// </summary>
    private static ReplicationAction Promote(IReadOnlyList<ServerObservation> servers)
    {
        var primaries = servers.Where(server => server.Server.IsPrimary).ToList();
        if (primaries.Find(server => !server.Answers) is { } silent)
            return new Hold($"nobody takes writes, and {silent.Server} does not answer ({silent.Failure}): it may have what the others lack");

        // What a replica has in another domain was written on it by hand and came from no primary.
        var domains = primaries.Select(server => server.Status!.Domain).ToHashSet();
        var answers = servers.Where(server => server.Answers).ToList();
        var candidate = primaries.Find(primary => answers.TrueForAll(other => primary.Status!.Position.Covers(other.Status!.Position.Only(domains))));
        return candidate is null
            ? new Hold($"nobody takes writes, and no primary has everything that the others have: {string.Join("; ", answers.Select(Describe))}")
            : new MakeWritable(candidate.Server, $"nobody takes writes, and {candidate.Server} has everything that the others have");
    }

    /// <summary>The first that has everything the others have; the first of all when each has something that another lacks.</summary>
    private static ServerObservation? MostAdvanced(List<ServerObservation> servers) =>
        servers.Find(server => servers.TrueForAll(other => server.Status!.Position.Covers(other.Status!.Position))) ?? servers.FirstOrDefault();

    private static IEnumerable<ReplicationAction> Channels(IReadOnlyList<ServerObservation> servers) =>
        from follower in servers
        where follower.Answers
        from source in servers
        where source.Server.IsPrimary && source.Server != follower.Server
        let action = Channel(follower, source.Server)
        where action is not null
        select action;

    private static ReplicationAction? Channel(ServerObservation follower, DatabaseServer source) =>
        follower.Status!.Channels.FirstOrDefault(channel => channel.Name == source.Channel) switch
        {
            null => new Follow(follower.Server, source, Replaces: false, $"{follower.Server} does not follow {source}"),
            { Source: var other } when other != source.Name =>
                new Follow(follower.Server, source, Replaces: true, $"channel {source.Channel} of {follower.Server} follows {other} instead of {source}"),
            { ByGtid: false } =>
                new Follow(follower.Server, source, Replaces: true, $"channel {source.Channel} of {follower.Server} follows by file and offset, not by GTID"),
            // Started again it would stop again: transactions are missing or do not fit, and somebody has to look.
            { IsStopped: true, Error: { } error } => new Hold($"channel {source.Channel} of {follower.Server} is broken: {error}"),
            { IsStopped: true } => new StartChannel(follower.Server, source.Channel, $"channel {source.Channel} of {follower.Server} is stopped"),
            _ => null,
        };

    private static string Describe(ServerObservation server) => $"{server.Server} {server.Status!.Position}";
}
