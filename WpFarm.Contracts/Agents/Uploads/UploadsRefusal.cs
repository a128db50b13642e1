using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>Why the order was not carried out: <c>{"fault":"storeFull","message":"…"}</c>.</summary>
/// <param name="Fault">Decides the status (<see cref="UploadsFaults.HttpStatus"/>).</param>
/// <param name="Message">For people: what is wrong and what to do.</param>
public sealed record UploadsRefusal(UploadsFault Fault, string Message);

[JsonConverter(typeof(CamelCaseEnumConverter<UploadsFault>))]
public enum UploadsFault
{
    /// <summary>An argument is missing or wrong.</summary>
    Invalid,

    /// <summary>The <see cref="OrderProof"/> is not valid: the agent has another key, or another time.</summary>
    NotProven,

    /// <summary>No such order, snapshot, site, path or restore.</summary>
    NotFound,

    /// <summary>No snapshot was ever made.</summary>
    NoRepository,

    /// <summary>Another order is being carried out.</summary>
    Busy,

    /// <summary>A restic elsewhere uses the repository, or was killed within the last half hour.</summary>
    Locked,

    /// <summary>The repository was made with another <c>backup-key</c>.</summary>
    WrongKey,

    /// <summary>The store refuses the key.</summary>
    StoreDenied,

    /// <summary>The store does not answer.</summary>
    StoreUnreachable,

    /// <summary>The store answers that it cannot now. A full disk may look like that too.</summary>
    StoreUnavailable,

    StoreFull,

    /// <summary>No room for what is restored.</summary>
    VolumeFull,

    /// <summary>The agent was stopped.</summary>
    Cancelled,

    /// <summary>Anything else; the message has restic's own words.</summary>
    Failed,

    /// <summary>The agent does not answer. The Orchestrator uses it; no agent sends it.</summary>
    AgentUnreachable,
}

public static class UploadsFaults
{
    /// <summary>The status that an agent answers with.</summary>
    public static int HttpStatus(this UploadsFault fault) =>
        fault switch
        {
            UploadsFault.Invalid => 400,
            UploadsFault.NotProven => 403,
            UploadsFault.NotFound or UploadsFault.NoRepository => 404,
            UploadsFault.Busy or UploadsFault.Locked => 409,
            UploadsFault.Failed => 500,
            UploadsFault.WrongKey or UploadsFault.StoreDenied or UploadsFault.StoreUnreachable => 502,
            UploadsFault.StoreUnavailable or UploadsFault.Cancelled => 503,
            UploadsFault.StoreFull or UploadsFault.VolumeFull => 507,
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no agent answers with this fault"),
        };
}
