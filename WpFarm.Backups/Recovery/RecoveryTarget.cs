using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>How far a recovery is to go.</summary>
public abstract record RecoveryTarget
{
    private RecoveryTarget()
    {
    }

    /// <summary>As far as it can.</summary>
    public sealed record Latest : RecoveryTarget
    {
        public override string ToString() => "the latest moment";
    }

    /// <summary>Everything that was committed up to that moment.</summary>
    public sealed record Moment(DateTimeOffset At) : RecoveryTarget
    {
        public override string ToString() => Words.Of(At);
    }

    /// <summary>Everything up to that transaction, and it too. Domains that it does not name go as far as came before it.</summary>
    public sealed record Transaction(GtidPosition Gtid) : RecoveryTarget
    {
        public override string ToString() => $"GTID {Gtid}";
    }

    /// <summary>What that full or incremental backup holds, and nothing that came after it.</summary>
    public sealed record Backup(string Id) : RecoveryTarget
    {
        public override string ToString() => Id;
    }
}
