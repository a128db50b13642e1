using System.Diagnostics.CodeAnalysis;

namespace WpFarm.Orchestrator.Procedures;

/// <summary>The answer to an order: accepted, or refused with a reason.</summary>
internal readonly record struct Outcome
{
    private Outcome(string reason) => Reason = reason;

    /// <summary>The order was accepted. The method that returns it says whether its work has begun or is done.</summary>
    public static Outcome Accepted => default;

    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsAccepted => Reason is null;

    /// <summary>Why the order was refused, for people. Null when it was accepted.</summary>
    public string? Reason { get; }

    /// <param name="reason">The reason, for people. If it is empty, the outcome says that no reason was given.</param>
    public static Outcome Refused(string reason) => new(reason is "" ? "no reason was given" : reason);

    /// <exception cref="RefusedException">The order was refused; the message says why.</exception>
    public void ThrowIfRefused()
    {
        if (!IsAccepted)
            throw new RefusedException(Reason);
    }

    public override string ToString() => IsAccepted ? "accepted" : $"refused: {Reason}";
}
