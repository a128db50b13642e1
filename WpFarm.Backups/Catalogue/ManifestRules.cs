namespace WpFarm.Backups.Catalogue;

/// <summary>Validates a manifest beyond its types.</summary>
internal static class ManifestRules
{
    public static IEnumerable<string> Problems(BackupManifest manifest)
    {
        if (!BackupId.IsValid(manifest.Id))
            yield return $"'{manifest.Id}' is not a backup id";
        if (manifest.Completed < manifest.Started)
            yield return "completed before it started";
        if (manifest.PlainBytes < 0 || manifest.CompressedBytes < 0 || manifest.StoredBytes <= 0)
            yield return "negative size, or nothing stored";
        if (!IsSha256(manifest.StoredSha256) || !IsSha256(manifest.ContentSha256))
            yield return "invalid SHA-256";
        foreach (var missing in Missing(manifest))
            yield return $"{missing} is missing, which a backup of kind {manifest.Kind} needs";
        if (manifest.LsnFrom > manifest.LsnTo)
            yield return $"lsnFrom {manifest.LsnFrom} is after lsnTo {manifest.LsnTo}";
        if (manifest is { GtidStart: { } start, GtidEnd: { } end } && !end.Covers(start))
            yield return $"gtidStart {start} is after gtidEnd {end}";
        if (manifest is { BinaryLog: { FirstEvent: null } or { LastEvent: null } } && !Equals(manifest.GtidStart, manifest.GtidEnd))
            yield return "the binary log has transactions, but firstEvent or lastEvent is missing";
        if (manifest.BinaryLog is { FirstEvent: { } first, LastEvent: { } last } && last < first)
            yield return "lastEvent is before firstEvent";
    }

    private static IEnumerable<string> Missing(BackupManifest manifest)
    {
        var (database, physical) = (
            manifest.Kind is BackupKind.Full or BackupKind.Incremental or BackupKind.BinaryLog,
            manifest.Kind is BackupKind.Full or BackupKind.Incremental
        );
        if (database && manifest.Server is null)
            yield return "server";
        if (database && manifest.GtidEnd is null)
            yield return "gtidEnd";
        if (physical && manifest.Instance is null)
            yield return "instance";
        if (physical && manifest.LsnTo is null)
            yield return "lsnTo";
        if (manifest.Kind is BackupKind.Incremental && manifest.Parent is null)
            yield return "parent";
        if (manifest.Kind is BackupKind.Incremental && manifest.LsnFrom is null)
            yield return "lsnFrom";
        if (manifest.Kind is BackupKind.BinaryLog && manifest.GtidStart is null)
            yield return "gtidStart";
        if (manifest.Kind is BackupKind.BinaryLog && manifest.BinaryLog is null)
            yield return "binaryLog";
        if (manifest.Kind is BackupKind.Site && manifest.Site is null)
            yield return "site";
    }

    private static bool IsSha256(string text) => text.Length == 64 && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
