namespace WpFarm.Contracts.Api;

/// <summary>The alerts that fire, and who is told of them.</summary>
/// <param name="Alerts">The most severe first; silenced and inhibited alerts too.</param>
/// <param name="Receivers">Names of the receivers in farm.json. Empty: nobody is told.</param>
/// <param name="Problems">Why alerts may not reach a person.</param>
public sealed record AlertStatus(IReadOnlyList<ActiveAlert> Alerts, IReadOnlyList<string> Receivers, IReadOnlyList<string> Problems);

/// <summary>An alert that fires.</summary>
/// <param name="Summary">What is wrong.</param>
/// <param name="Runbook">The page that says what to do: an address, or a path in the repository.</param>
/// <param name="Since">When it began to fire.</param>
/// <param name="Labels">What it is about, without its name and severity.</param>
/// <param name="Receivers">Who is told of it.</param>
public sealed record ActiveAlert(
    string Name,
    AlertSeverity Severity,
    AlertState State,
    string Summary,
    string? Runbook,
    DateTimeOffset Since,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Receivers
);

public enum AlertState
{
    /// <summary>Its receivers are told.</summary>
    Firing,

    /// <summary>A person silenced it.</summary>
    Silenced,

    /// <summary>Another alert explains it, and is told in its place.</summary>
    Inhibited,
}

/// <summary>A silence: nobody is told of the alerts that match it.</summary>
/// <param name="Matchers">Such as <c>alertname="ReplicationLag"</c>. An alert must match each.</param>
public sealed record AlertSilence(
    string Id,
    IReadOnlyList<string> Matchers,
    DateTimeOffset From,
    DateTimeOffset Until,
    string By,
    string Reason
);

/// <summary>What became of a test notification.</summary>
/// <param name="IsDelivered">True: the receiver's server accepted it.</param>
/// <param name="Attempts">How often it was sent.</param>
public sealed record ReceiverTest(string Receiver, bool IsDelivered, int Attempts);
