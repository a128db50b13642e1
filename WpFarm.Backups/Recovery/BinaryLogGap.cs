using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>Transactions that no binary log in the store has.</summary>
/// <param name="After">The last transactions before it.</param>
/// <param name="Before">Where the binary logs go on.</param>
/// <param name="From">Nothing is missing up to this moment.</param>
/// <param name="Until">The first transaction after it.</param>
public sealed record BinaryLogGap(GtidPosition After, GtidPosition Before, DateTimeOffset From, DateTimeOffset Until)
{
    public override string ToString() =>
        $"binary logs are missing between GTID {After} and {Before}, {MomentText.Of(From)} to {MomentText.Of(Until)}";
}
