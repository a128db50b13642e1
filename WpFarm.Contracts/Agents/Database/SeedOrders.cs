namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Makes a full copy the server's next data, beside the present data. The body is what <see cref="CopyOrder"/> was answered with.
/// </summary>
/// <remarks>
/// Seeding is done by one order at a time; another one fails meanwhile. The present data stays as it is, whatever happens. A repetition
/// begins from the start: the next data that was there is removed first.
/// </remarks>
public sealed record SeedBaseOrder() : AgentOrder(DatabaseAgentRoutes.SeedBase);

/// <summary>
/// Adds to the next data what has changed after it. The body is what <see cref="CopyOrder"/> with a <see cref="CopyOrder.Since"/> was
/// answered with.
/// </summary>
/// <remarks>
/// Fails when there is no complete next data. After a failure the next data cannot be used any more: begin again with
/// <see cref="SeedBaseOrder"/>. It is not meant to be repeated.
/// </remarks>
public sealed record SeedIncrementOrder() : AgentOrder(DatabaseAgentRoutes.SeedIncrement);

/// <summary>Kills the server, which starts again with the next data.</summary>
/// <remarks>Fails when there is no complete next data, and so does a repetition: the next data is the present data then.</remarks>
/// <param name="Gtid">The position of the copy that the next data was made from. May be empty.</param>
/// <param name="Aside">Keeps the present data beside it; what was kept before is removed then. Off: the present data is removed.</param>
public sealed record UseSeedOrder(string Gtid, bool Aside) : AgentOrder(DatabaseAgentRoutes.UseSeed)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("gtid", Gtid), ("aside", Switch(Aside))];
}

/// <summary>Kills the server, which starts again without any data.</summary>
/// <remarks>
/// Fails on a server whose my.cnf does not allow it (<c>may_be_emptied</c>): only the scratch server does. A repetition empties it again.
/// </remarks>
public sealed record EmptyOrder() : AgentOrder(DatabaseAgentRoutes.Empty);

/// <summary>Removes the next data. Harmless when there is none, so it can be repeated.</summary>
public sealed record RemoveSeedOrder() : AgentOrder(DatabaseAgentRoutes.RemoveSeed);

/// <summary>Asks for the data that is kept aside. Answered with an empty text when none is.</summary>
public sealed record AsideOrder() : AgentOrder<DataAside>(DatabaseAgentRoutes.Aside);

/// <summary>Removes the data that is kept aside. Harmless when there is none, so it can be repeated.</summary>
public sealed record RemoveAsideOrder() : AgentOrder(DatabaseAgentRoutes.RemoveAside);
