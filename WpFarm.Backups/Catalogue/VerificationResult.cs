namespace WpFarm.Backups.Catalogue;

/// <summary>The result of verifying a backup.</summary>
/// <param name="Problem">Null if no problem was found.</param>
/// <param name="IsDeep">True when every byte was read.</param>
public sealed record VerificationResult(BackupManifest Backup, string? Problem, bool IsDeep)
{
    public bool IsGood => Problem is null;
}
