namespace WpFarm.Backups.Store;

/// <param name="Size">Bytes.</param>
/// <param name="LastModified">By the store's clock; some stores round it up to the second.</param>
public sealed record StoredObject(string Name, long Size, DateTimeOffset LastModified);
