using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Limits how far a binary log is applied. Only whole transactions are applied, in commit order.</summary>
internal abstract record ReplayLimit
{
    private ReplayLimit() { }

    /// <summary>
    /// Ends before the first transaction whose timestamp is later than this second. A timestamp is never later than its commit, so
    /// everything that was committed by then is applied.
    /// </summary>
    internal sealed record Until(DateTimeOffset At) : ReplayLimit;

    /// <summary>Ends after these transactions. In GTID domains that are not named, it applies what comes before the last of them.</summary>
    internal sealed record Through(GtidPosition Gtid) : ReplayLimit;
}
