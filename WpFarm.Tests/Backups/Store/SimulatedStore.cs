using System.Runtime.CompilerServices;
using WpFarm.Backups.Store;

namespace WpFarm.Tests.Backups.Store;

/// <summary>A store in memory with its own clock and latencies, which can be made to fail.</summary>
internal sealed class SimulatedStore(TimeProvider? clock = null) : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset At)> _objects = new(StringComparer.Ordinal);

    public string Location => "memory/bucket";

    public bool IsDown { get; set; }

    /// <summary>How far the store's clock is ahead of all others.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Latency before or after an object becomes visible.</summary>
    public Func<Task> Latency { get; set; } = () => Task.CompletedTask;

    public IReadOnlyDictionary<string, (byte[] Content, DateTimeOffset At)> Objects => _objects;

    public void Tamper(string name, Func<byte[], byte[]> change) => _objects[name] = (change(_objects[name].Content), _objects[name].At);

    public async Task<StoredObject> PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        await write(content, cancel);
        Answer();
        // The store records when a request arrived; the object becomes visible later.
        var at = Now();
        await Latency().WaitAsync(cancel);
        lock (_lock)
            _objects[name] = (content.ToArray(), at);
        await Latency().WaitAsync(cancel);
        return new StoredObject(name, content.Length, at);
    }

    public Task<Stream> GetAsync(string name, CancellationToken cancel)
    {
        Answer();
        return _objects.TryGetValue(name, out var found)
            ? Task.FromResult<Stream>(new MemoryStream(found.Content))
            : throw new ObjectStoreException(ObjectStoreFault.NoSuchObject, name);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        Answer();
        await Latency().WaitAsync(cancel);
        List<StoredObject> found;
        lock (_lock)
            found =
            [
                .. _objects
                    .Where(known => known.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(known => new StoredObject(known.Key, known.Value.Content.Length, known.Value.At)),
            ];
        await Latency().WaitAsync(cancel);
        foreach (var one in found)
            yield return one;
    }

    public Task<StoredObject?> HeadAsync(string name, CancellationToken cancel)
    {
        Answer();
        return Task.FromResult(_objects.TryGetValue(name, out var found) ? new StoredObject(name, found.Content.Length, found.At) : null);
    }

    public Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        Answer();
        lock (_lock)
            foreach (var name in names)
                _objects.Remove(name);
        return Task.CompletedTask;
    }

    private void Answer()
    {
        if (IsDown)
            throw new ObjectStoreException(ObjectStoreFault.Unreachable, "the store is down");
    }

    /// <summary>In whole seconds, rounded up, as Swift returns it.</summary>
    private DateTimeOffset Now()
    {
        var now = (clock ?? TimeProvider.System).GetUtcNow() + Skew;
        return new DateTimeOffset(
            (now.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond,
            TimeSpan.Zero
        );
    }
}
