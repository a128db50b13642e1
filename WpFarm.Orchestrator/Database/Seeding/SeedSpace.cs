namespace WpFarm.Orchestrator.Database.Seeding;

internal static class SeedSpace
{
    /// <summary>Free bytes needed besides the copy itself: for preparing it, and for the writes of the running server.</summary>
    public const long Spare = 256 << 20;
}
