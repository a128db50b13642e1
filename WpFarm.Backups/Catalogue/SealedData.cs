namespace WpFarm.Backups.Catalogue;

/// <summary>Sizes and hashes of stored data, for its manifest.</summary>
/// <param name="ContentBytes">Bytes before sealing.</param>
/// <param name="ContentSha256">SHA-256 before sealing.</param>
/// <param name="StoredBytes">Bytes of the sealed object.</param>
/// <param name="StoredSha256">SHA-256 of the sealed object.</param>
public sealed record SealedData(long ContentBytes, string ContentSha256, long StoredBytes, string StoredSha256, string KeyId);
