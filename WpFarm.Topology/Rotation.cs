namespace WpFarm.Topology;

/// <summary>How <c>./farm secrets</c> replaces a secret's value while the farm runs.</summary>
public abstract record Rotation
{
    private Rotation() { }

    /// <summary>What users notice of the change. Null: nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>The value cannot be replaced.</summary>
    /// <param name="Because">The reason, and what to do instead.</param>
    public sealed record Never(string Because) : Rotation;

    /// <summary>One service uses the value. It reads the new one when it is restarted.</summary>
    /// <param name="Service">The service to restart.</param>
    public sealed record Restart(string Service) : Rotation;

    /// <summary>
    /// For a while both values are accepted. Every user of the secret changes to the new one in that time, so no request is refused.
    /// </summary>
    /// <param name="By">Who accepts both values.</param>
    public sealed record Overlap(AcceptedBy By) : Rotation
    {
        /// <summary>The service that uses the value and reads it only at its start. Null: none.</summary>
        public string? Restarts { get; init; }

        /// <summary>True: replication channels use the value.</summary>
        public bool InChannels { get; init; }
    }
}

/// <summary>Who checks a secret, and must accept the second value while the secret is changed.</summary>
public enum AcceptedBy
{
    /// <summary>Each MariaDB server, for the farm's own users.</summary>
    DatabaseServers,

    /// <summary>Each node of the Redis Cluster.</summary>
    RedisNodes,

    /// <summary>MariaDB's users of the sites. The install job creates them, and replication copies them to all servers.</summary>
    SiteUsers,

    /// <summary>
    /// The farm's mail server, for the sites and the Orchestrator. The proxy to the internet reads the file at each check.
    /// </summary>
    MailServer,

    /// <summary>The Orchestrator. It reads the secret's file for every check, so it need not be notified.</summary>
    Orchestrator,

    /// <summary>The agent for the uploads. It also reads the secret's file for every check.</summary>
    UploadsBackup,
}
