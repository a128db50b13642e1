namespace WpFarm.Backups.Store;

public enum ObjectStoreFault
{
    /// <summary>No answer, or no connection.</summary>
    Unreachable,

    /// <summary>A wrong or expired key, or one without the right.</summary>
    AccessDenied,

    NoSuchBucket,

    NoSuchObject,

    /// <summary>No space, or a quota is used up.</summary>
    Full,

    /// <summary>It answers that it cannot just now. A full disk may look like that too.</summary>
    Unavailable,

    /// <summary>What is stored is not what was stored.</summary>
    Corrupt,

    /// <summary>Anything else; the message has the store's own words.</summary>
    Refused,
}

/// <summary>The store did not do it. The message says what to do.</summary>
public sealed class ObjectStoreException(ObjectStoreFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public ObjectStoreFault Fault { get; } = fault;
}
