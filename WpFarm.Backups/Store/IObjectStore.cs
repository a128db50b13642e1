namespace WpFarm.Backups.Store;

/// <summary>
/// A bucket. Callers may use plain S3 only: no conditional writes, tags, policies or lifecycle rules. Every failure is an
/// <see cref="ObjectStoreException"/>, except an exception of the delegate that writes an object.
/// </summary>
public interface IObjectStore
{
    /// <summary>Endpoint and bucket, for messages.</summary>
    string Location { get; }

    /// <summary>
    /// Stores what <paramref name="write"/> writes, up to 80 GB, in constant memory. When this returns, the whole object is stored.
    /// When it throws, the bucket has the former object or none; if only the answer to the last request was lost, it has the new object.
    /// </summary>
    Task<StoredObject> PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancel);

    /// <summary>Reads the object from its beginning. Resumes after a broken connection, a limited number of times.</summary>
    Task<Stream> GetAsync(string name, CancellationToken cancel);

    /// <returns>Objects in the order of their names.</returns>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel);

    /// <returns>Null if the object does not exist.</returns>
    Task<StoredObject?> HeadAsync(string name, CancellationToken cancel);

    /// <summary>Deletes objects. Ignores names that do not exist.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancel);
}
