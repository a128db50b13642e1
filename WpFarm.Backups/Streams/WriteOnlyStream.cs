namespace WpFarm.Backups.Streams;

/// <summary>A stream that supports asynchronous writing only.</summary>
public abstract class WriteOnlyStream : ForwardStream
{
    public override bool CanRead => false;

    public override bool CanWrite => true;

    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("This stream writes asynchronously only. Call WriteAsync.");

    public sealed override void Flush() { }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
