using System.Globalization;
using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>The point to recover to.</summary>
public abstract record RecoveryTarget
{
    private RecoveryTarget() { }

    /// <summary>Parses the options of a command. Without any: the latest point.</summary>
    /// <param name="to">A moment, in ISO 8601.</param>
    /// <param name="gtid">A GTID position. With <paramref name="to"/>: as of that moment.</param>
    /// <param name="from">The id of a backup.</param>
    /// <exception cref="FormatException">The text is invalid. The message shows an example.</exception>
    public static RecoveryTarget Parse(string? to, string? gtid, string? from)
    {
        DateTimeOffset? at =
            to is null ? null
            : DateTimeOffset.TryParse(to, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
            : throw new FormatException($"{to}: is not a moment. Write ISO 8601, for example 2026-11-23T10:15:00Z.");
        return gtid is not null ? new Transaction(GtidPosition.Parse(gtid), at)
            : at is not null ? new Moment(at.Value)
            : from is not null ? new Backup(from)
            : new Latest();
    }

    /// <summary>The last recoverable moment.</summary>
    public sealed record Latest : RecoveryTarget
    {
        public override string ToString() => "the latest moment";
    }

    /// <summary>Every transaction committed up to that moment.</summary>
    public sealed record Moment(DateTimeOffset At) : RecoveryTarget
    {
        public override string ToString() => MomentText.Of(At);
    }

    /// <summary>Every transaction up to and including that one. In domains that it does not name: those committed before it.</summary>
    /// <param name="At">
    /// The moment of the transaction (<see cref="RecoveryPlan.Moment"/>), if known. Backups made after it are not used, whatever their
    /// numbers.
    /// </param>
    public sealed record Transaction(GtidPosition Gtid, DateTimeOffset? At = null) : RecoveryTarget
    {
        public override string ToString() => $"GTID {Gtid}";
    }

    /// <summary>The content of that full or incremental backup, without later transactions.</summary>
    public sealed record Backup(string Id) : RecoveryTarget
    {
        public override string ToString() => Id;
    }
}
