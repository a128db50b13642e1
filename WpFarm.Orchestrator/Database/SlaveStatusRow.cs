using System.Globalization;
using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>A row of <c>SHOW ALL SLAVES STATUS</c>, under MariaDB's own column names.</summary>
internal sealed class SlaveStatusRow(IDictionary<string, object?> columns)
{
    /// <summary>ER_MASTER_FATAL_ERROR_READING_BINLOG: the source does not have the next transaction, or no longer has it.</summary>
    private const string TransactionsAreGone = "1236";

    /// <summary>ER_ACCESS_DENIED_ERROR.</summary>
    private const string AccessDenied = "1045";

    public ChannelStatus ToStatus() =>
        new(Text("Connection_name"), Text("Master_Host"), ByGtid: Text("Using_Gtid") == "Slave_Pos")
        {
            Fetching = State(Text("Slave_IO_Running")),
            Applying = State(Text("Slave_SQL_Running")),
            IsBroken = Text("Slave_SQL_Running") == "No" && Text("Last_SQL_Errno") != "0",
            IsRefused = Text("Slave_IO_Running") == "Connecting" && Text("Last_IO_Errno") == AccessDenied,
            SourceLacks = Text("Slave_IO_Running") == "No" && Text("Last_IO_Errno") == TransactionsAreGone,
            Received = GtidPosition.Parse(Text("Gtid_IO_Pos")),
            Lag = columns["Seconds_Behind_Master"] is { } seconds
                ? TimeSpan.FromSeconds(Convert.ToInt64(seconds, CultureInfo.InvariantCulture))
                : null,
            Error = new[] { Text("Last_SQL_Error"), Text("Last_IO_Error") }.FirstOrDefault(error => error.Length > 0),
        };

    private string Text(string column) => columns[column]?.ToString() ?? "";

    /// <summary><c>Yes</c>, <c>No</c>, <c>Connecting</c> or <c>Preparing</c>.</summary>
    private static ReplicationThread State(string running) =>
        running switch
        {
            "Yes" => ReplicationThread.Running,
            "No" => ReplicationThread.Stopped,
            _ => ReplicationThread.Connecting,
        };
}
