namespace WpFarm.Backups.Streams;

/// <summary>Limits the average rate since the first byte. Leaves the target open.</summary>
/// <param name="bytesPerSecond">The limit; more than 0.</param>
public sealed class ThrottledStream(Stream target, long bytesPerSecond, TimeProvider time) : WriteOnlyStream
{
    private readonly long _began = time.GetTimestamp();
    private long _bytes;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await target.WriteAsync(buffer, cancellationToken);
        _bytes += buffer.Length;
        if (TimeSpan.FromSeconds((double)_bytes / bytesPerSecond) - time.GetElapsedTime(_began) is var early && early > TimeSpan.Zero)
            await Task.Delay(early, time, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);
}
