using System.Text.Json.Serialization;

namespace WpFarm.Contracts.Agents.Uploads;

/// <summary>Why the agent did not carry out an order: <c>{"fault":"storeFull","message":"…"}</c>.</summary>
/// <param name="Fault">Determines the HTTP status (<see cref="UploadsFaults.HttpStatus"/>).</param>
/// <param name="Message">For people: what is wrong and what to do.</param>
public sealed record UploadsRefusal(UploadsFault Fault, string Message);

[JsonConverter(typeof(CamelCaseEnumConverter<UploadsFault>))]
public enum UploadsFault
{
    /// <summary>An argument is missing or wrong.</summary>
    Invalid,

    /// <summary>The <see cref="OrderProof"/> is not valid: the agent's key or clock differs.</summary>
    NotProven,

    /// <summary>The order, snapshot, site, path or restore does not exist.</summary>
    NotFound,

    /// <summary>No snapshot was ever made.</summary>
    NoRepository,

    /// <summary>Another order is being carried out.</summary>
    Busy,

    /// <summary>Another restic process uses the repository, or was killed within the last half hour.</summary>
    Locked,

    /// <summary>The repository was made with another <c>backup-key</c>.</summary>
    WrongKey,

    /// <summary>The store refuses the key.</summary>
    StoreDenied,

    /// <summary>The store does not answer.</summary>
    StoreUnreachable,

    /// <summary>The store answers that it is unavailable. A full disk may look the same.</summary>
    StoreUnavailable,

    StoreFull,

    /// <summary>The volume has no room for the restored files.</summary>
    VolumeFull,

    /// <summary>The agent was stopped.</summary>
    Cancelled,

    /// <summary>Any other failure; the message is restic's.</summary>
    Failed,

    /// <summary>The agent does not answer. The Orchestrator sets it; no agent sends it.</summary>
    AgentUnreachable,
}

public static class UploadsFaults
{
    /// <summary>The HTTP status that an agent answers with.</summary>
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
