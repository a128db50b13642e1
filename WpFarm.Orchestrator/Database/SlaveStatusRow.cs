using Dapper;

namespace WpFarm.Orchestrator.Database;

/// <summary>A row of <c>SHOW ALL SLAVES STATUS</c>, under MariaDB's own column names without the underscores.</summary>
internal sealed record SlaveStatusRow
{
    static SlaveStatusRow() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public string ConnectionName { get; init; } = "";

    public string MasterHost { get; init; } = "";

    /// <summary><c>Yes</c>, <c>No</c>, <c>Connecting</c> or <c>Preparing</c>.</summary>
    public string SlaveIoRunning { get; init; } = "";

    /// <summary><c>Yes</c> or <c>No</c>.</summary>
    public string SlaveSqlRunning { get; init; } = "";

    /// <summary><c>Slave_Pos</c>, <c>Current_Pos</c> or <c>No</c>.</summary>
    public string UsingGtid { get; init; } = "";

    public long? SecondsBehindMaster { get; init; }

    public string LastIoError { get; init; } = "";

    public string LastSqlError { get; init; } = "";

    public ChannelStatus ToStatus() => new(ConnectionName, MasterHost, UsingGtid == "Slave_Pos")
    {
        Fetching = State(SlaveIoRunning),
        Applying = State(SlaveSqlRunning),
        Lag = SecondsBehindMaster is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Error = LastSqlError.Length > 0 ? LastSqlError : LastIoError.Length > 0 ? LastIoError : null,
    };

    private static ThreadState State(string running) => running switch
    {
        "Yes" => ThreadState.Running,
        "No" => ThreadState.Stopped,
        _ => ThreadState.Connecting,
    };
}
