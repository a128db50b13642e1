using WpFarm.Backups.Streams;

namespace WpFarm.Backups.Store;

public static class ObjectStoreExtensions
{
    public static Task<StoredObject> PutAsync(this IObjectStore store, string name, Stream content, CancellationToken cancel) =>
        store.PutAsync(name, (target, cancel) => content.CopyToAsync(target, cancel), cancel);

    public static Task<StoredObject> PutAsync(
        this IObjectStore store,
        string name,
        ReadOnlyMemory<byte> content,
        CancellationToken cancel
    ) => store.PutAsync(name, async (target, cancel) => await target.WriteAsync(content, cancel), cancel);

    /// <summary>Reads a whole object into memory. For small objects.</summary>
    public static async Task<byte[]> ReadAsync(this IObjectStore store, string name, CancellationToken cancel)
    {
        var stream = await store.GetAsync(name, cancel);
        await using (stream)
        {
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, cancel);
            return content.ToArray();
        }
    }

    /// <summary>Copies an object to another store, under the same name, in constant memory.</summary>
    /// <param name="sha256">
    /// Expected hash, in lower-case hexadecimal. If it differs, the copy is discarded. Null: the hash is not known.
    /// </param>
    /// <exception cref="ObjectStoreException">
    /// The hash differs (<see cref="ObjectStoreFault.Corrupt"/>), or one of the stores fails.
    /// </exception>
    public static Task<StoredObject> CopyToAsync(
        this IObjectStore source,
        IObjectStore target,
        string name,
        string? sha256,
        CancellationToken cancel
    ) =>
        target.PutAsync(
            name,
            async (writer, cancel) =>
            {
                using var measured = new MeasuringStream(writer);
                var content = await source.GetAsync(name, cancel);
                await using (content)
                    await content.CopyToAsync(measured, cancel);
                if (sha256 is not null && measured.Sha256 != sha256)
                    throw new ObjectStoreException(
                        ObjectStoreFault.Corrupt,
                        $"{name} in {source.Location} is corrupt: its SHA-256 is {measured.Sha256}, not {sha256}. It was not copied."
                    );
            },
            cancel
        );
}
