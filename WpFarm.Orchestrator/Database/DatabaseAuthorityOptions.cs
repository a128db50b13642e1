using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WpFarm.Orchestrator.Database;

/// <summary>Section <c>Database</c>.</summary>
internal sealed class DatabaseAuthorityOptions
{
    /// <summary>Servers that may take writes, the preferred one first. They follow each other.</summary>
    [MinLength(1)]
    public IList<string> Primaries { get; } = [];

    /// <summary>Servers that follow every primary and never take writes.</summary>
    public IList<string> Replicas { get; } = [];

    /// <summary>Where the servers listen for each other.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 3306;

    /// <summary>
    /// Where each server is reached from here: <c>mariadb-p1</c> to <c>tcp://mariadb-p1:3306</c>. The servers find each other by their names and
    /// <see cref="Port"/> all the same.
    /// </summary>
    public IDictionary<string, Uri> Addresses { get; } = new Dictionary<string, Uri>();

    /// <summary>Where each server's agent is reached, which takes orders about the server's process and files: <c>http://mariadb-p1:9201</c>.</summary>
    public IDictionary<string, Uri> Agents { get; } = new Dictionary<string, Uri>();

    /// <summary>MariaDB user that may read replication's state and change it.</summary>
    [Required]
    public string User { get; set; } = "orchestrator";

    [Required]
    public string PasswordFile { get; set; } = "";

    /// <summary>MariaDB user that servers fetch from each other with.</summary>
    [Required]
    public string ReplicationUser { get; set; } = "replication";

    [Required]
    public string ReplicationPasswordFile { get; set; } = "";

    /// <summary>Time from one look at the servers to the next. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A server that has not answered after this counts as unreachable. 100 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time from one look to the next while the writer does not answer. 50 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SuspectInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    [ValidateObjectMembers]
    public FailoverPolicy Failover { get; } = new();
}
