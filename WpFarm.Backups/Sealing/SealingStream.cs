using System.Security.Cryptography;
using WpFarm.Backups.Streams;

namespace WpFarm.Backups.Sealing;

/// <summary>
/// Encrypts the bytes that are written to it, in constant memory (2 MiB). The writer must call <see cref="CompleteAsync"/> at the end; an
/// object without that end does not open. Leaves the target open.
/// </summary>
/// <param name="target">Receives the sealed bytes.</param>
/// <param name="name">Name under which the object is stored. It opens under this name only.</param>
public sealed class SealingStream(Stream target, BackupKey key, string name) : WriteOnlyStream
{
    private readonly byte[] _plain = SealChunk.Buffers.Rent(SealChunk.Length);
    private readonly byte[] _chunk = SealChunk.Buffers.Rent(SealChunk.MaximumLength);
    private AesGcm? _cipher;
    private uint _number;
    private int _filled;
    private bool _ended;
    private bool _disposed;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        while (buffer.Length > 0)
        {
            if (_filled == SealChunk.Length)
                await SealAsync(last: false, cancellationToken);
            var taken = Math.Min(buffer.Length, SealChunk.Length - _filled);
            buffer[..taken].CopyTo(_plain.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <summary>Writes the end. Later writes fail.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        await SealAsync(last: true, cancellationToken);
        _ended = true;
    }

    private async ValueTask SealAsync(bool last, CancellationToken cancel)
    {
        if (_cipher is null)
        {
            _cipher = SealHeader.Write(_chunk.AsSpan(0, SealHeader.Length), key, name);
            await target.WriteAsync(_chunk.AsMemory(0, SealHeader.Length), cancel);
        }

        var length = SealChunk.Seal(_cipher, checked(_number++), last, _plain.AsSpan(0, _filled), _chunk);
        _filled = 0;
        await target.WriteAsync(_chunk.AsMemory(0, length), cancel);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            (_ended, _disposed) = (true, true);
            _cipher?.Dispose();
            SealChunk.Buffers.Return(_plain, clearArray: true);
            SealChunk.Buffers.Return(_chunk);
        }

        base.Dispose(disposing);
    }
}
