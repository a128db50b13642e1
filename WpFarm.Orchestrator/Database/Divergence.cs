using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>
/// Transactions that a server has and the writer has not: written by a former writer, and acknowledged by nobody before another took
/// its place, or before it started again and rolled them back. What follows such a server would differ from the writer for good.
/// </summary>
internal static class Divergence
{
    /// <summary>Of the domain that the writer itself writes in, a server may seem to have more: the two were asked one after the other.</summary>
    public static bool IsIn(ServerObservation server, ServerObservation writer, ClusterState known)
    {
        if (server.Server == writer.Server)
            return false;
        var received = server.Status!.Received.OfPrimaries;
        return !writer.Status!.Received.Covers(received.Without(writer.Status.Domain)) || HasRolledBack(server, known);
    }

    /// <summary>It has what its writer rolled back before a later term. Once it has received from that term, this can be seen no more.</summary>
    public static bool HasRolledBack(ServerObservation server, ClusterState known) =>
        known.Gaps.Any(gap => gap.Contains(server.Status!.Received.NumberIn(gap.Domain)));

    /// <summary>The last that a server has in common with the writer, in each domain.</summary>
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
/// Numbers that were left out when a term began: a writer leaves a gap before its first transaction, so that it never gives a number again
/// that it gave in an earlier term to what was rolled back. Whoever has a number of the gap has that.
/// </summary>
/// <param name="Last">The last number of the term before, in this domain.</param>
/// <param name="First">The first of this term.</param>
internal sealed record Gap(uint Domain, ulong Last, ulong First)
{
    /// <summary>More than a server can have waiting for an acknowledgement.</summary>
    private const ulong Width = 1_000_000;

    public static Gap After(uint domain, GtidPosition position) =>
        new(domain, position.NumberIn(domain), position.NumberIn(domain) + Width);

    public bool Contains(ulong number) => number > Last && number < First;
}
