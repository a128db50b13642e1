namespace WpFarm.Orchestrator.Backups.Uploads;

internal enum UploadsFault
{
    /// <summary>The order makes no sense.</summary>
    Invalid,

    /// <summary>The agent has another key, or another time.</summary>
    NotProven,

    /// <summary>No such snapshot, site, path or restore.</summary>
    NotFound,

    /// <summary>No snapshot was ever made.</summary>
    NoRepository,

    /// <summary>Another order is being carried out.</summary>
    Busy,

    /// <summary>A restic elsewhere uses the repository, or was killed within the last half hour.</summary>
    Locked,

    /// <summary>The repository was made with another <c>backup-key</c>.</summary>
    WrongKey,

    StoreDenied,

    StoreUnreachable,

    /// <summary>A full disk may look like that too.</summary>
    StoreUnavailable,

    StoreFull,

    /// <summary>No room for what is restored.</summary>
    VolumeFull,

    /// <summary>The agent was stopped.</summary>
    Cancelled,

    /// <summary>The agent does not answer.</summary>
    AgentUnreachable,

    /// <summary>Anything else; the message has restic's own words.</summary>
    Failed,
}

/// <summary>The order was not carried out. The message says what to do.</summary>
internal sealed class UploadsException(UploadsFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public UploadsFault Fault { get; } = fault;
}
