namespace WpFarm.Backups.Sealing;

/// <summary>What is wrong with a sealed object.</summary>
public enum SealFault
{
    /// <summary>It does not begin like one.</summary>
    NotSealed,

    /// <summary>Sealed by a newer program.</summary>
    UnknownVersion,

    /// <summary>Sealed with another key. The message says which.</summary>
    OtherKey,

    /// <summary>Sealed under another name: somebody has swapped objects. Or its header is damaged.</summary>
    OtherObject,

    /// <summary>Bytes have changed.</summary>
    Damaged,

    /// <summary>Chunks are missing from the middle, are there twice, or are in another order.</summary>
    OutOfOrder,

    /// <summary>The end is missing.</summary>
    Truncated,

    /// <summary>There is more after the end.</summary>
    Extended,
}

/// <summary>A sealed object is not what was sealed. What was read of it before is what was sealed; there just is no more.</summary>
public sealed class SealException(SealFault fault, string message) : IOException(message)
{
    public SealFault Fault { get; } = fault;
}
