namespace WpFarm.Backups.Catalogue;

/// <summary>What was found when a backup was looked at.</summary>
/// <param name="Problem">Null: it is good, as far as was looked.</param>
/// <param name="IsDeep">True when every byte was read.</param>
public sealed record VerificationResult(BackupManifest Backup, string? Problem, bool IsDeep)
{
    public bool IsGood => Problem is null;
}
