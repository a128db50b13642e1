namespace WpFarm.Backups.Catalogue;

/// <summary>What a manifest must say of its data.</summary>
/// <param name="ContentBytes">Bytes that were sealed.</param>
/// <param name="ContentSha256">Of what was sealed.</param>
/// <param name="StoredBytes">Bytes of the sealed object.</param>
/// <param name="StoredSha256">Of the sealed object.</param>
public sealed record SealedData(long ContentBytes, string ContentSha256, long StoredBytes, string StoredSha256, string KeyId);
