using System.Globalization;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>How far a recovery is to go.</summary>
public abstract record RecoveryTarget
{
    private RecoveryTarget() { }

    /// <summary>As a person says it; nothing: as far as it goes.</summary>
    /// <param name="to">A moment, in ISO 8601.</param>
    /// <param name="gtid">A position. With <paramref name="to"/>: the last one by that moment.</param>
    /// <param name="from">The id of a backup.</param>
    /// <exception cref="FormatException">It is none; says what one looks like.</exception>
    public static RecoveryTarget Parse(string? to, string? gtid, string? from)
    {
        DateTimeOffset? at =
            to is null ? null
            : DateTimeOffset.TryParse(to, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
            : throw new FormatException($"{to}: is not a moment. Example: 2026-11-23T10:15:00Z");
        return gtid is not null ? new Transaction(GtidPosition.Parse(gtid), at)
            : at is not null ? new Moment(at.Value)
            : from is not null ? new Backup(from)
            : new Latest();
    }

    /// <summary>As far as it can.</summary>
    public sealed record Latest : RecoveryTarget
    {
        public override string ToString() => "the latest moment";
    }

    /// <summary>Everything that was committed up to that moment.</summary>
    public sealed record Moment(DateTimeOffset At) : RecoveryTarget
    {
        public override string ToString() => MomentText.Of(At);
    }

    /// <summary>Everything up to that transaction, and it too. Domains that it does not name go as far as came before it.</summary>
    /// <param name="At">Where it is known: the moment that comes of it (<see cref="RecoveryPlan.Moment"/>). What was backed up after it is of no use then, whatever its numbers.</param>
    public sealed record Transaction(GtidPosition Gtid, DateTimeOffset? At = null) : RecoveryTarget
    {
        public override string ToString() => $"GTID {Gtid}";
    }

    /// <summary>What that full or incremental backup holds, and nothing that came after it.</summary>
    public sealed record Backup(string Id) : RecoveryTarget
    {
        public override string ToString() => Id;
    }
}
