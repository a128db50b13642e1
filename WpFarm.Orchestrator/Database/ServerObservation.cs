using System.Diagnostics.CodeAnalysis;
using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>What one look at a server found: its status, or why there is none.</summary>
internal sealed record ServerObservation
{
    private ServerObservation(DatabaseServer server) => Server = server;

    public DatabaseServer Server { get; }

    public ServerStatus? Status { get; private init; }

    /// <summary>Why it did not answer.</summary>
    public string? Failure { get; private init; }

    [MemberNotNullWhen(true, nameof(Status))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Answers => Status is not null;

    [MemberNotNullWhen(true, nameof(Status))]
    public bool IsWritable => Status is { ReadOnly: false };

    public static ServerObservation Of(DatabaseServer server, ServerStatus status) => new(server) { Status = status };

    public static ServerObservation Unreachable(DatabaseServer server, string failure) => new(server) { Failure = failure };
}

/// <summary>What a server says about itself.</summary>
/// <param name="Domain">The replication domain that its own transactions are numbered in.</param>
/// <param name="Position">Every transaction it has, its own and replicated ones.</param>
internal sealed record ServerStatus(bool ReadOnly, uint Domain, GtidPosition Position, IReadOnlyList<ChannelStatus> Channels)
{
    /// <summary>Acknowledges, on its running channels, what it has received.</summary>
    public bool Acknowledges { get; init; }

    /// <summary>Answers a commit only once another server has acknowledged it.</summary>
    public bool AwaitsAcknowledgement { get; init; }

    /// <summary>Its data is being copied: it receives, and applies that later.</summary>
    public bool IsCopied { get; init; }

    /// <summary>MB on the disk of its data; null while that is unknown.</summary>
    public long? Free { get; init; }

    /// <summary>Connected servers that acknowledge.</summary>
    public int Acknowledgers { get; init; }

    /// <summary>Sessions whose commit waits to be acknowledged.</summary>
    public int Waiting { get; init; }

    /// <summary>
    /// Everything it has or has received and will apply. Its own transactions come back to it from those who follow it, and are not
    /// applied a second time: that it received them does not mean that it still has them.
    /// </summary>
    public GtidPosition Received => Channels.Aggregate(Position, (position, channel) => position.With(channel.Received.Without(Domain)));

    /// <summary>Behind the source that it is furthest behind; null while that is unknown, as it is when a channel does not run.</summary>
    public TimeSpan? Lag =>
        Channels.All(channel => channel.IsRunning && channel.Lag is not null)
            ? Channels.Max(channel => channel.Lag) ?? TimeSpan.Zero
            : null;

    public ChannelStatus? ChannelTo(DatabaseServer source) => Channels.FirstOrDefault(channel => channel.Name == source.Channel);
}

/// <summary>One connection by which a server follows another.</summary>
/// <param name="Source">Host name of the server it follows.</param>
/// <param name="ByGtid">Whether it continues from the server's own GTID position, wherever the source stands.</param>
internal sealed record ChannelStatus(string Name, string Source, bool ByGtid)
{
    /// <summary>Fetches transactions. A thread that tries to connect is not stopped.</summary>
    public required ReplicationThread Fetching { get; init; }

    public required ReplicationThread Applying { get; init; }

    /// <summary>The last transaction of each domain that has arrived, applied or not.</summary>
    public GtidPosition Received { get; init; } = GtidPosition.Empty;

    /// <summary>How far it is behind its source; null while that is unknown.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The last error of a thread that does not run.</summary>
    public string? Error { get; init; }

    /// <summary>A transaction cannot be applied. Started again it would stop again, and somebody has to look.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The source does not take the password that the channel was made with.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The source has not, or no longer, what comes next.</summary>
    public bool SourceLacks { get; init; }

    public bool IsRunning => Fetching is ReplicationThread.Running && Applying is ReplicationThread.Running;

    public bool IsStopped => Fetching is ReplicationThread.Stopped || Applying is ReplicationThread.Stopped;
}

/// <summary>What a thread of a channel does.</summary>
internal enum ReplicationThread
{
    Stopped,
    Connecting,
    Running,
}
