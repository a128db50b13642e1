namespace WpFarm.Orchestrator.Procedures;

/// <summary>Where a <see cref="Procedure{TReport}"/> is, or how it went.</summary>
/// <param name="Since">When it began, or what made it necessary did.</param>
internal record ProcedureReport(DateTimeOffset Since)
{
    /// <summary>The phase that runs now.</summary>
    public string? Running { get; init; }

    public IReadOnlyList<PhaseReport> Phases { get; init; } = [];

    /// <summary>In which phase, and why.</summary>
    public string? Failure { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }
}

/// <param name="Result">What it found or did.</param>
internal sealed record PhaseReport(string Name, TimeSpan Took, string Result);

/// <summary>The message says in which phase, and why.</summary>
internal sealed class PhaseFailedException(string message, Exception inner) : Exception(message, inner);

/// <summary>It cannot be done as things are, and was not begun; the message says why.</summary>
internal sealed class RefusedException(string message) : Exception(message);
