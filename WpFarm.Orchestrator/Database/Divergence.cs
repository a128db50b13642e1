using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Detects transactions that a server has and the writer lacks. A former writer wrote them, and no server acknowledged them before another
/// became the writer, or before the former writer restarted and rolled them back. A server that followed such a server would differ from
/// the writer for good.
/// </summary>
internal static class Divergence
{
    /// <summary>
    /// True when the server has diverged from the writer. The writer's own GTID domain is not compared: the servers are observed one after
    /// the other, so a server may seem to have more there than the writer.
    /// </summary>
    public static bool IsIn(ServerObservation server, ServerObservation writer, ClusterState known)
    {
        if (server.Server == writer.Server)
            return false;
        var received = server.Status!.Received.OfPrimaries;
        return !writer.Status!.Received.Covers(received.Without(writer.Status.Domain)) || HasRolledBack(server, known);
    }

    /// <summary>
    /// True when the server has transactions that their writer rolled back before a later term. Once the server has received transactions
    /// of that later term, this can no longer be detected.
    /// </summary>
    public static bool HasRolledBack(ServerObservation server, ClusterState known) =>
        known.Gaps.Any(gap => gap.Contains(server.Status!.Received.NumberIn(gap.Domain)));

    /// <summary>The last transaction in each GTID domain that the server has in common with the writer.</summary>
    public static GtidPosition Common(ServerObservation server, ServerObservation writer, ClusterState known)
    {
        var received = server.Status!.Received;
        var common = received.Common(writer.Status!.Received);
        return known
            .Gaps.Where(gap => gap.Contains(received.NumberIn(gap.Domain)))
            .Aggregate(common, (position, gap) => position.UpTo(gap.Domain, gap.Last));
    }
}

/// <summary>
/// A range of transaction numbers that was skipped when a term began. A writer skips them before its first transaction, so that it never
/// reuses a number that it gave in an earlier term to a transaction that was rolled back. A server whose last number lies in the range has
/// such a rolled-back transaction.
/// </summary>
/// <param name="Last">The last number of the previous term in this GTID domain.</param>
/// <param name="First">The first number of this term.</param>
internal sealed record Gap(uint Domain, ulong Last, ulong First)
{
    /// <summary>Size of the range: more transactions than a server can have waiting for an acknowledgement.</summary>
    private const ulong Width = 1_000_000;

    public static Gap After(uint domain, GtidPosition position) =>
        new(domain, position.NumberIn(domain), position.NumberIn(domain) + Width);

    public bool Contains(ulong number) => number > Last && number < First;
}
