namespace WpFarm.Backups.Store;

/// <summary>
/// A bucket. Nothing but plain S3 may be assumed of it: no conditional writes, tags, policies or lifecycle rules. Every failure is an
/// <see cref="ObjectStoreException"/>, except what is thrown by the writer of an object.
/// </summary>
public interface IObjectStore
{
    /// <summary>Where it is, for messages: endpoint and bucket.</summary>
    string Location { get; }

    /// <summary>
    /// Stores what <paramref name="write"/> writes, of any length up to 80 GB, in constant memory. The object is there once this has
    /// returned, whole; when it throws, there is none (or still the former one; or it is whole after all, if the answer to the last request
    /// was lost).
    /// </summary>
    Task<StoredObject> PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancel);

    /// <summary>The object from its beginning. A connection that breaks is made again where it broke, a limited number of times.</summary>
    Task<Stream> GetAsync(string name, CancellationToken cancel);

    /// <returns>In the order of their names.</returns>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel);

    /// <returns>Null: no such object.</returns>
    Task<StoredObject?> HeadAsync(string name, CancellationToken cancel);

    /// <summary>Names that are not there are no error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancel);
}
