namespace WpFarm.Orchestrator.Procedures;

/// <summary>A phase of a procedure failed. The message names the phase and the reason.</summary>
internal sealed class PhaseFailedException(string message, Exception inner) : Exception(message, inner);

/// <summary>An order cannot be carried out in the present state, and was not begun. The message says why.</summary>
internal sealed class RefusedException(string message) : Exception(message);
