using WpFarm.Backups.Gtid;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>How far a binary log is applied, at most. Whole transactions only, in the order in which they were committed.</summary>
internal abstract record ReplayLimit
{
    private ReplayLimit() { }

    /// <summary>
    /// Ends before the first transaction that is stamped later than this second. A stamp is no later than the commit, so everything that
    /// was committed by then is applied.
    /// </summary>
    internal sealed record Until(DateTimeOffset At) : ReplayLimit;

    /// <summary>Up to these transactions, and them too. Domains that are not named go as far as came before the last of them.</summary>
    internal sealed record Through(GtidPosition Gtid) : ReplayLimit;
}
