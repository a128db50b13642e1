namespace WpFarm.Backups.Store;

public enum ObjectStoreFault
{
    /// <summary>The store does not answer, or cannot be connected to.</summary>
    Unreachable,

    /// <summary>The key is wrong, has expired, or lacks a permission.</summary>
    AccessDenied,

    NoSuchBucket,

    NoSuchObject,

    /// <summary>The store has no space left, or a quota is used up.</summary>
    Full,

    /// <summary>The store answers with a temporary error (5xx). A full disk may look the same.</summary>
    Unavailable,

    /// <summary>The stored bytes differ from those that were written.</summary>
    Corrupt,

    /// <summary>Any other error. The message quotes the store.</summary>
    Refused,
}

/// <summary>A request to the object store failed. The message says what to do.</summary>
public sealed class ObjectStoreException(ObjectStoreFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public ObjectStoreFault Fault { get; } = fault;
}
