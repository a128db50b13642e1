namespace WpFarm.Orchestrator.Procedures;

/// <summary>The message says in which phase, and why.</summary>
internal sealed class PhaseFailedException(string message, Exception inner) : Exception(message, inner);

/// <summary>It cannot be done as things are, and was not begun; the message says why.</summary>
internal sealed class RefusedException(string message) : Exception(message);
