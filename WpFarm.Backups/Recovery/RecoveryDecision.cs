using WpFarm.Backups.Catalogue;

namespace WpFarm.Backups.Recovery;

/// <summary>How to recover, or why recovery is not possible.</summary>
/// <param name="Plan">Null if recovery is not possible.</param>
/// <param name="Refusal">The reason, and what is possible instead. Null when there is a plan.</param>
/// <param name="Problems">Backups that cannot be used, and why.</param>
public sealed record RecoveryDecision(RecoveryPlan? Plan, string? Refusal, IReadOnlyList<string> Problems)
{
    /// <param name="manifests">All manifests of the catalogue.</param>
    /// <param name="keyIds">Ids of the backup keys that the caller has.</param>
    /// <param name="mark">The last observed state of the archive, if known.</param>
    public static RecoveryDecision For(
        IReadOnlyCollection<BackupManifest> manifests,
        RecoveryTarget target,
        IReadOnlyCollection<string> keyIds,
        ArchiveMark? mark = null
    )
    {
        var open = manifests.Where(backup => keyIds.Contains(backup.KeyId)).ToList();
        var chains = BackupChain.All(open);
        var choice = RecoveryChoice.Of([.. chains.Select(found => found.Chain).OfType<BackupChain>().Reverse()], open, mark, target);
        var refusal =
            choice.Plan is null && open.Count < manifests.Count
                ? OtherKeys(manifests, target, keyIds, mark) ?? choice.Refusal
                : choice.Refusal;
        return new(
            choice.Plan,
            refusal,
            [.. Sealed(manifests, keyIds), .. chains.Select(found => found.Problem).OfType<string>().Distinct()]
        );
    }

    private static IEnumerable<string> Sealed(IReadOnlyCollection<BackupManifest> manifests, IReadOnlyCollection<string> keyIds) =>
        manifests
            .CountBy(backup => backup.KeyId)
            .Where(key => !keyIds.Contains(key.Key))
            .Select(key => $"{key.Value} of {manifests.Count} backups are sealed with the backup key {key.Key}, which is not available");

    private static string? OtherKeys(
        IReadOnlyCollection<BackupManifest> manifests,
        RecoveryTarget target,
        IReadOnlyCollection<string> keyIds,
        ArchiveMark? mark
    )
    {
        if (For(manifests, target, [.. manifests.Select(backup => backup.KeyId).Distinct()], mark).Plan is not { } plan)
            return null;
        var needed = plan.Chain.Backups.Concat(plan.Logs.Select(step => step.Log)).Select(backup => backup.KeyId).Distinct().Except(keyIds);
        return $"{target} needs backups that are sealed with the backup key {string.Join(" and ", needed)}. "
            + $"Available keys: {(keyIds.Count == 0 ? "none" : string.Join(", ", keyIds))}.";
    }
}
