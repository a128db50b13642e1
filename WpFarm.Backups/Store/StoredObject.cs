namespace WpFarm.Backups.Store;

/// <param name="Size">Bytes.</param>
/// <param name="LastModified">Time of the store's clock. Some stores round it up to the second.</param>
public sealed record StoredObject(string Name, long Size, DateTimeOffset LastModified);
