using WpFarm.Backups.Gtid;

namespace WpFarm.Backups.Recovery;

/// <summary>Transactions that no stored binary log contains.</summary>
/// <param name="After">Position before the gap.</param>
/// <param name="Before">Position at which the binary logs continue.</param>
/// <param name="From">No transaction before this moment is missing.</param>
/// <param name="Until">Time of the first transaction after the gap.</param>
public sealed record BinaryLogGap(GtidPosition After, GtidPosition Before, DateTimeOffset From, DateTimeOffset Until)
{
    public override string ToString() =>
        $"binary logs are missing between GTID {After} and {Before}, {MomentText.Of(From)} to {MomentText.Of(Until)}";
}
