namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Unpacks a full copy as the server's next data, beside the present data. The body is the answer to a <see cref="CopyOrder"/>.
/// </summary>
/// <remarks>
/// Another seed order at the same time fails. The present data never changes. A repetition starts over: it removes the next data first.
/// </remarks>
public sealed record SeedBaseOrder() : AgentOrder(DatabaseAgentRoutes.SeedBase);

/// <summary>
/// Applies an incremental copy to the next data. The body is the answer to a <see cref="CopyOrder"/> with a <see cref="CopyOrder.Since"/>.
/// </summary>
/// <remarks>
/// Fails when there is no complete next data. After a failure the next data is unusable: start over with <see cref="SeedBaseOrder"/>.
/// Must not be repeated.
/// </remarks>
public sealed record SeedIncrementOrder() : AgentOrder(DatabaseAgentRoutes.SeedIncrement);

/// <summary>Kills the server, which restarts with the next data.</summary>
/// <remarks>Fails when there is no complete next data. A repetition therefore fails: the next data has become the present data.</remarks>
/// <param name="Gtid">GTID position of the copy that the next data was made from. May be empty.</param>
/// <param name="Aside">
/// True: keeps the replaced data on the volume, and removes data that was kept before. False: removes the replaced data.
/// </param>
public sealed record UseSeedOrder(string Gtid, bool Aside) : AgentOrder(DatabaseAgentRoutes.UseSeed)
{
    protected override IReadOnlyList<(string Name, string? Value)> Arguments => [("gtid", Gtid), ("aside", Switch(Aside))];
}

/// <summary>Kills the server, which restarts without any data.</summary>
/// <remarks>
/// Fails unless the server's my.cnf allows it (<c>may_be_emptied</c>); only the scratch server's does. A repetition empties it again.
/// </remarks>
public sealed record EmptyOrder() : AgentOrder(DatabaseAgentRoutes.Empty);

/// <summary>Removes the next data. Does nothing when there is none, so it can be repeated.</summary>
public sealed record RemoveSeedOrder() : AgentOrder(DatabaseAgentRoutes.RemoveSeed);

/// <summary>Describes the data that is kept aside. The answer is empty when there is none.</summary>
public sealed record AsideOrder() : AgentOrder<DataAside>(DatabaseAgentRoutes.Aside);

/// <summary>Removes the data that is kept aside. Does nothing when there is none, so it can be repeated.</summary>
public sealed record RemoveAsideOrder() : AgentOrder(DatabaseAgentRoutes.RemoveAside);
