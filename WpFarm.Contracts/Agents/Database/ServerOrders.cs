namespace WpFarm.Contracts.Agents.Database;

/// <summary>
/// Fences a server: kills its process, as a loss of power would. Its container ends too, and the engine starts it again.
/// </summary>
/// <remarks>Fails when no server process runs. A repetition kills the process that runs by then.</remarks>
public sealed record CrashOrder() : AgentOrder(DatabaseAgentRoutes.Crash);

/// <summary>Returns the free bytes on the disk with the server's data, as a decimal number.</summary>
public sealed record FreeOrder() : AgentOrder<long>(DatabaseAgentRoutes.Free);

/// <summary>
/// Returns the size of the data, which the agent adds up file by file, and the free bytes. <see cref="DiskRoom"/> describes the answer.
/// </summary>
public sealed record RoomOrder() : AgentOrder<DiskRoom>(DatabaseAgentRoutes.Room);

/// <summary>Returns the id of the server's data and the version of its copy program. Fails when the data has no id yet.</summary>
public sealed record OriginOrder() : AgentOrder<DataOrigin>(DatabaseAgentRoutes.Origin);
