using System.Security.Cryptography;
using WpFarm.Backups.Streams;

namespace WpFarm.Backups.Sealing;

/// <summary>
/// Decrypts the output of <see cref="SealingStream"/>, in constant memory (2 MiB). Returns authenticated bytes only, and otherwise throws a
/// <see cref="SealException"/>. The whole object is verified only when the reader has reached the end. Disposes the source.
/// </summary>
/// <param name="source">The sealed bytes.</param>
/// <param name="name">Name under which the object was sealed.</param>
public sealed class OpeningStream(Stream source, BackupKey key, string name) : ReadOnlyStream
{
    private readonly byte[] _plain = SealChunk.Buffers.Rent(SealChunk.Length);
    private readonly byte[] _chunk = SealChunk.Buffers.Rent(SealChunk.MaximumLength);
    private AesGcm? _cipher;
    private uint _number;
    private Memory<byte> _opened;
    private bool _last;
    private bool _disposed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (_opened.IsEmpty && !_last && !buffer.IsEmpty)
            await OpenNextAsync(cancellationToken);
        var taken = Math.Min(buffer.Length, _opened.Length);
        _opened[..taken].CopyTo(buffer);
        _opened = _opened[taken..];
        return taken;
    }

    private async ValueTask OpenNextAsync(CancellationToken cancel)
    {
        if (_cipher is null)
        {
            var header = await ReadAsync(SealHeader.Length, cancel);
            _cipher = SealHeader.Read(header.Span, key, name);
        }

        var (number, length, last) = SealChunk.ReadHeader((await ReadWholeAsync(SealChunk.HeaderLength, cancel)).Span);
        if (number != _number)
            throw Fault(SealFault.OutOfOrder, $"found chunk {number} where chunk {_number} is expected");
        if (length > SealChunk.Length || (!last && length < SealChunk.Length))
            throw Fault(SealFault.Damaged, $"chunk {number} has an impossible length of {length} bytes");
        var @sealed = await ReadWholeAsync(length + SealChunk.TagLength, cancel);
        if (!SealChunk.TryOpen(_cipher, number, last, @sealed.Span, _plain.AsSpan(0, length)))
            throw Fault(SealFault.Damaged, $"chunk {number} is damaged: its authentication tag does not match");
        if (last && !(await ReadAsync(1, cancel)).IsEmpty)
            throw Fault(SealFault.Extended, $"data follows the last chunk, {number}");
        (_number, _last, _opened) = (checked(number + 1), last, _plain.AsMemory(0, length));
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadWholeAsync(int length, CancellationToken cancel)
    {
        var read = await ReadAsync(length, cancel);
        return read.Length == length ? read : throw Fault(SealFault.Truncated, $"the object is truncated before or within chunk {_number}");
    }

    /// <returns>Fewer bytes than asked for only at the end.</returns>
    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int length, CancellationToken cancel) =>
        _chunk.AsMemory(0, await source.ReadAtLeastAsync(_chunk.AsMemory(0, length), length, throwOnEndOfStream: false, cancel));

    private SealException Fault(SealFault fault, string what) => new(fault, $"{name}: {what}.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _cipher?.Dispose();
            source.Dispose();
            SealChunk.Buffers.Return(_plain, clearArray: true);
            SealChunk.Buffers.Return(_chunk);
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await base.DisposeAsync();
    }
}
