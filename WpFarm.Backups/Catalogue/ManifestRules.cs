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

    private static IEnumerable<string> Missing(BackupManifest manifest) =>
        manifest.Kind.Traits.Needs.Where(name =>
            ManifestJson.Default.BackupManifest.Properties.Single(property => property.Name == name).Get!(manifest) is null
        );

    private static bool IsSha256(string text) => text.Length == 64 && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
