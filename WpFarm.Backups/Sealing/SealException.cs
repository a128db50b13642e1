namespace WpFarm.Backups.Sealing;

/// <summary>What is wrong with a sealed object.</summary>
public enum SealFault
{
    /// <summary>The object does not begin with the header of a sealed object.</summary>
    NotSealed,

    /// <summary>A newer program sealed the object.</summary>
    UnknownVersion,

    /// <summary>Another key sealed the object. The message has its id.</summary>
    OtherKey,

    /// <summary>The object was sealed under another name, so objects were swapped; or the header is damaged.</summary>
    OtherObject,

    /// <summary>Bytes were changed.</summary>
    Damaged,

    /// <summary>Chunks are missing in the middle, repeated, or reordered.</summary>
    OutOfOrder,

    /// <summary>The end is missing.</summary>
    Truncated,

    /// <summary>Data follows the end.</summary>
    Extended,
}

/// <summary>A sealed object is damaged or cannot be opened. Bytes that were read before the exception are authentic.</summary>
public sealed class SealException(SealFault fault, string message) : IOException(message)
{
    public SealFault Fault { get; } = fault;
}
