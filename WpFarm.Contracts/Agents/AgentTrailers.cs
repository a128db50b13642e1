namespace WpFarm.Contracts.Agents;

/// <summary>
/// Names of the HTTP trailers after a stream. A value is one line: the agent replaces each run of white space by one space.
/// </summary>
public static class AgentTrailers
{
    /// <summary>Why the stream failed after its first byte, for people. On every kind of stream; absent when all went well.</summary>
    public const string Failure = "Copy-Failure";

    /// <summary>InnoDB's log sequence number (LSN) that a copy begins at; 0 for a full copy.</summary>
    public const string CopyFrom = "Copy-From";

    /// <summary>The LSN that a copy reaches.</summary>
    public const string CopyTo = "Copy-To";

    /// <summary>The GTID position of the copied data, as MariaDB writes it. May be empty.</summary>
    public const string CopyGtid = "Copy-Gtid";

    /// <summary>Bytes of the copy before compression.</summary>
    public const string CopyBytes = "Copy-Bytes";

    /// <summary>Id of the digests that were made beside the copy. Absent when nobody asked for them, or the server took writes.</summary>
    public const string CopyContents = "Copy-Contents";

    /// <summary>The earliest time stamp of a transaction, in Unix seconds. Absent when the file has no transaction.</summary>
    public const string LogFirst = "Log-First";

    /// <summary>The latest time stamp of a transaction, in Unix seconds. Absent when the file has no transaction.</summary>
    public const string LogLast = "Log-Last";

    /// <summary>Bytes of the binary log before compression.</summary>
    public const string LogBytes = "Log-Bytes";

    /// <summary>The GTID position of an export, as MariaDB writes it. May be empty.</summary>
    public const string ExportGtid = "Export-Gtid";
}
