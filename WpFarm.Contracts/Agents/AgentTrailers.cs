namespace WpFarm.Contracts.Agents;

/// <summary>
/// Names of the HTTP trailers after a stream. A value is one line: the agent replaces each run of white space with one space.
/// </summary>
public static class AgentTrailers
{
    /// <summary>Why the stream failed after its first byte, for people. Any stream may have it; absent after success.</summary>
    public const string Failure = "Copy-Failure";

    /// <summary>InnoDB's log sequence number (LSN) at which a copy begins; 0 for a full copy.</summary>
    public const string CopyFrom = "Copy-From";

    /// <summary>The LSN at which a copy ends.</summary>
    public const string CopyTo = "Copy-To";

    /// <summary>The GTID position of the copied data, as MariaDB writes it. May be empty.</summary>
    public const string CopyGtid = "Copy-Gtid";

    /// <summary>Bytes of the copy before compression.</summary>
    public const string CopyBytes = "Copy-Bytes";

    /// <summary>
    /// Id of the digests that were made during the copy. Absent when the order did not request them, or the server takes writes.
    /// </summary>
    public const string CopyContents = "Copy-Contents";

    /// <summary>The earliest timestamp of a transaction, in Unix seconds. Absent when the file has no transaction.</summary>
    public const string LogFirst = "Log-First";

    /// <summary>The latest timestamp of a transaction, in Unix seconds. Absent when the file has no transaction.</summary>
    public const string LogLast = "Log-Last";

    /// <summary>Bytes of the binary log before compression.</summary>
    public const string LogBytes = "Log-Bytes";

    /// <summary>The GTID position of an export, as MariaDB writes it. May be empty.</summary>
    public const string ExportGtid = "Export-Gtid";
}
