using System.Diagnostics.CodeAnalysis;
using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database;

/// <summary>The result of observing a server: its status, or the reason why there is none.</summary>
internal sealed record ServerObservation
{
    private ServerObservation(DatabaseServer server) => Server = server;

    public DatabaseServer Server { get; }

    public ServerStatus? Status { get; private init; }

    /// <summary>Why the server did not answer. Null when it did.</summary>
    public string? Failure { get; private init; }

    [MemberNotNullWhen(true, nameof(Status))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Answers => Status is not null;

    [MemberNotNullWhen(true, nameof(Status))]
    public bool IsWritable => Status is { ReadOnly: false };

    public static ServerObservation Of(DatabaseServer server, ServerStatus status) => new(server) { Status = status };

    public static ServerObservation Unreachable(DatabaseServer server, string failure) => new(server) { Failure = failure };
}

/// <summary>What a server reports about itself.</summary>
/// <param name="Domain">The GTID domain in which the server numbers its own transactions.</param>
/// <param name="Position">Every transaction that the server has, its own and replicated ones.</param>
internal sealed record ServerStatus(bool ReadOnly, uint Domain, GtidPosition Position, IReadOnlyList<ChannelStatus> Channels)
{
    /// <summary>True when the server acknowledges what it receives on its running channels.</summary>
    public bool Acknowledges { get; init; }

    /// <summary>True when the server answers a commit only once another server has acknowledged it.</summary>
    public bool AwaitsAcknowledgement { get; init; }

    /// <summary>True while the server's data is being copied: it receives transactions, and applies them later.</summary>
    public bool IsCopied { get; init; }

    /// <summary>Free space in MB on the disk of its data. Null while it is unknown.</summary>
    public long? Free { get; init; }

    /// <summary>Number of connected servers that acknowledge.</summary>
    public int Acknowledgers { get; init; }

    /// <summary>Number of sessions whose commit waits for an acknowledgement.</summary>
    public int Waiting { get; init; }

    /// <summary>
    /// Every transaction that the server has, or has received and will apply. Its own GTID domain is taken from its position only: its own
    /// transactions come back to it from its followers and are not applied again, so having received them does not mean that it still has
    /// them.
    /// </summary>
    public GtidPosition Received => Channels.Aggregate(Position, (position, channel) => position.With(channel.Received.Without(Domain)));

    /// <summary>The largest lag behind any of its sources. Null while it is unknown, for example when a channel does not run.</summary>
    public TimeSpan? Lag =>
        Channels.All(channel => channel.IsRunning && channel.Lag is not null)
            ? Channels.Max(channel => channel.Lag) ?? TimeSpan.Zero
            : null;

    public ChannelStatus? ChannelTo(DatabaseServer source) => Channels.FirstOrDefault(channel => channel.Name == source.Channel);
}

/// <summary>One replication channel by which a server follows another.</summary>
/// <param name="Source">Host name of the server that is followed.</param>
/// <param name="ByGtid">
/// True when the channel continues from the server's own GTID position, not from a file and offset of the source.
/// </param>
internal sealed record ChannelStatus(string Name, string Source, bool ByGtid)
{
    /// <summary>State of the thread that fetches transactions. A thread that tries to connect does not count as stopped.</summary>
    public required ReplicationThread Fetching { get; init; }

    public required ReplicationThread Applying { get; init; }

    /// <summary>The last transaction of each GTID domain that has arrived, applied or not.</summary>
    public GtidPosition Received { get; init; } = GtidPosition.Empty;

    /// <summary>The lag behind the source. Null while it is unknown.</summary>
    public TimeSpan? Lag { get; init; }

    /// <summary>The last error of a thread that does not run.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// True when a transaction cannot be applied. If restarted, the channel would stop again; an operator must look at it.
    /// </summary>
    public bool IsBroken { get; init; }

    /// <summary>True when the source rejects the password that the channel was created with.</summary>
    public bool IsRefused { get; init; }

    /// <summary>True when the source does not have the next transaction, or no longer has it.</summary>
    public bool SourceLacks { get; init; }

    public bool IsRunning => Fetching is ReplicationThread.Running && Applying is ReplicationThread.Running;

    public bool IsStopped => Fetching is ReplicationThread.Stopped || Applying is ReplicationThread.Stopped;
}

/// <summary>State of a thread of a channel.</summary>
internal enum ReplicationThread
{
    Stopped,
    Connecting,
    Running,
}
