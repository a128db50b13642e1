namespace WpFarm.Topology;

/// <summary>How a secret gets another value while the farm runs.</summary>
public abstract record Rotation
{
    private Rotation() { }

    /// <summary>What people notice of it; null: nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>It keeps its value.</summary>
    /// <param name="Because">Why, and what to do instead.</param>
    public sealed record Never(string Because) : Rotation;

    /// <summary>One service takes it, when it starts.</summary>
    /// <param name="Service">Is started anew.</param>
    public sealed record Restart(string Service) : Rotation;

    /// <summary>For a while both values are accepted, and everybody who uses it changes over in that time: nobody is turned away.</summary>
    /// <param name="By">Who accepts it.</param>
    public sealed record Overlap(AcceptedBy By) : Rotation
    {
        /// <summary>Uses it, and reads it only at its start.</summary>
        public string? Restarts { get; init; }

        /// <summary>Replication channels hold it.</summary>
        public bool InChannels { get; init; }
    }
}

/// <summary>Who checks a secret, and so has to be told that a second value is good as well.</summary>
public enum AcceptedBy
{
    /// <summary>Each MariaDB server, for the farm's own users.</summary>
    DatabaseServers,

    /// <summary>Each node of the Redis Cluster.</summary>
    RedisNodes,

    /// <summary>The sites' users, who are the same on all servers: made by the install job, and replicated.</summary>
    SiteUsers,

    /// <summary>Reads its file each time, and needs to be told nothing.</summary>
    Orchestrator,

    /// <summary>So does this one.</summary>
    UploadsBackup,
}
