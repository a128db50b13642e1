using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;

namespace WpFarm.Contracts.Settings;

/// <summary>Section <c>Database</c>: the MariaDB servers, and how the Orchestrator reaches them.</summary>
public sealed record DatabaseSettings
{
    /// <summary>Servers that may take writes, the preferred one first. They replicate each other. At least one.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Primaries { get; init; } = [];

    /// <summary>Servers that replicate every primary and never take writes.</summary>
    public required IReadOnlyList<string> Replicas { get; init; } = [];

    /// <summary>The port on which the servers listen for each other. 1 to 65535.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 3306;

    /// <summary>
    /// The address at which the Orchestrator reaches each server: <c>mariadb-p1</c> at <c>tcp://mariadb-p1:3306</c>. The servers do not use
    /// it: they reach each other by their names and <see cref="Port"/>.
    /// </summary>
    public required IReadOnlyDictionary<string, Uri> Addresses { get; init; } = ReadOnlyDictionary<string, Uri>.Empty;

    /// <summary>
    /// The address at which the Orchestrator reaches each server's agent, which takes orders about the server's process and files:
    /// <c>http://mariadb-p1:9201</c>.
    /// </summary>
    public required IReadOnlyDictionary<string, Uri> Agents { get; init; } = ReadOnlyDictionary<string, Uri>.Empty;

    /// <summary>The MariaDB user that may read the replication's state and change it.</summary>
    [Required]
    public string User { get; init; } = "orchestrator";

    /// <summary>The path of the file that holds the password of <see cref="User"/>.</summary>
    public required string PasswordFile { get; init; }

    /// <summary>The MariaDB user that the servers replicate each other as.</summary>
    [Required]
    public string ReplicationUser { get; init; } = "replication";

    /// <summary>The path of the file that holds the password of <see cref="ReplicationUser"/>.</summary>
    public required string ReplicationPasswordFile { get; init; }

    /// <summary>Time from one observation of the servers to the next. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A server counts as unreachable when it has not answered within this time. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time from one observation to the next while the writer does not answer. 50 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SuspectInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    public FailoverPolicy Failover { get; init; } = new();
}
