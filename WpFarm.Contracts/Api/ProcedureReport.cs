namespace WpFarm.Contracts.Api;

/// <summary>Progress or result of a procedure that runs in named phases.</summary>
/// <param name="Since">When it began, or when its cause did.</param>
public record ProcedureReport(DateTimeOffset Since)
{
    /// <summary>The phase that runs now.</summary>
    public string? Running { get; init; }

    /// <summary>The phases that have ended.</summary>
    public IReadOnlyList<PhaseReport> Phases { get; init; } = [];

    /// <summary>The phase that failed, and why; null when none did.</summary>
    public string? Failure { get; init; }

    /// <summary>Null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }
}

/// <summary>A phase that has ended.</summary>
/// <param name="Result">What it found or did.</param>
public sealed record PhaseReport(string Name, TimeSpan Took, string Result);
