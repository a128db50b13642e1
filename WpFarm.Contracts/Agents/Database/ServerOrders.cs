namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Fences a server: kills its process, as a loss of power would. The container ends with it and the engine starts it again.
/// </summary>
/// <remarks>Fails when no server runs. A repetition kills the server that runs by then.</remarks>
public sealed record CrashOrder() : AgentOrder(DatabaseAgentRoutes.Crash);

/// <summary>Asks for the free bytes of the disk with the server's data. Answered with a decimal number.</summary>
public sealed record FreeOrder() : AgentOrder<long>(DatabaseAgentRoutes.Free);

/// <summary>
/// Asks for the size of the data, which the agent counts file by file, and the free bytes. Answered as <see cref="DiskRoom"/> says.
/// </summary>
public sealed record RoomOrder() : AgentOrder<DiskRoom>(DatabaseAgentRoutes.Room);

/// <summary>Asks which data the server has, and which program copies it. Fails when the data has no name yet.</summary>
public sealed record OriginOrder() : AgentOrder<DataOrigin>(DatabaseAgentRoutes.Origin);
