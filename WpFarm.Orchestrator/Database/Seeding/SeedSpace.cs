namespace WpFarm.Orchestrator.Database.Seeding;

internal static class SeedSpace
{
    /// <summary>Beside a copy, bytes for what it needs while it is made ready, and for the server to go on writing.</summary>
    public const long Spare = 256 << 20;
}
