namespace WpFarm.Deployment.Audit;

/// <summary>One thing that <c>./farm audit</c> looked at.</summary>
/// <param name="Subject">What it is about: an image, a key of farm.json, a port, a secret, a service.</param>
/// <param name="Detail">What was found, in words.</param>
/// <param name="ToDo">What the operator does about it. Null: nothing.</param>
public sealed record AuditFinding(AuditArea Area, AuditVerdict Verdict, string Subject, string Detail, string? ToDo = null);

public enum AuditArea
{
    /// <summary>Debian's updates that the first-party images lack.</summary>
    Packages,

    /// <summary>Versions of upstream images.</summary>
    Versions,

    /// <summary>Keys of farm.json.</summary>
    Settings,

    /// <summary>Ports of this machine.</summary>
    Ports,

    /// <summary>Age of the secrets.</summary>
    Secrets,

    /// <summary>Privileges of the running containers.</summary>
    Containers,
}

/// <summary>From the best to the worst.</summary>
public enum AuditVerdict
{
    Good,

    /// <summary>Could not be looked at.</summary>
    Unknown,

    /// <summary>Can be better, and need not be.</summary>
    Advice,

    /// <summary>Must be mended: <c>./farm audit</c> ends with exit code 1.</summary>
    Mend,
}
