using Amazon.S3;
using Amazon.S3.Model;

namespace WpFarm.Backups.Store;

/// <summary>
/// Uploads one object: in parts of 8 MiB, some of which are in flight while the next is filled, or as a single request if it is smaller.
/// Disposing aborts an upload that was not completed.
/// </summary>
internal sealed class S3Upload(AmazonS3Client client, string bucket, string name, CancellationToken cancel) : IAsyncDisposable
{
    private const int SmallLength = 32 << 10;
    private const int MostParts = 10_000;

    private static readonly TimeSpan s_abortLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private readonly List<Task<PartETag>> _parts = [];
    private byte[]? _buffer;
    private int _filled;
    private string? _id;
    private bool _completed;

    public CancellationToken Cancelled => cancel;

    /// <summary>Bytes written so far.</summary>
    public long Bytes { get; private set; }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_filled == PartBuffers.Length)
                await SendPartAsync();
            if (_buffer is null && _parts.Count == 0)
                _buffer = new byte[SmallLength];
            else if (_buffer is null || _filled == _buffer.Length)
                await TakeBufferAsync();
            var taken = Math.Min(bytes.Length, _buffer!.Length - _filled);
            bytes[..taken].CopyTo(_buffer.AsMemory(_filled));
            (_filled, Bytes, bytes) = (_filled + taken, Bytes + taken, bytes[taken..]);
        }
    }

    public async Task CompleteAsync()
    {
        if (_id is null)
        {
            await client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = bucket,
                    Key = name,
                    InputStream = new MemoryStream(_buffer ?? [], 0, _filled),
                    UseChunkEncoding = false,
                },
                _stop.Token
            );
        }
        else
        {
            if (_filled > 0)
                await SendPartAsync();
            var parts = await Task.WhenAll(_parts);
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = bucket,
                    Key = name,
                    UploadId = _id,
                    PartETags = [.. parts],
                },
                _stop.Token
            );
        }

        _completed = true;
    }

    /// <summary>Replaces the small first buffer, which is enough for most objects.</summary>
    private async ValueTask TakeBufferAsync()
    {
        var larger = await PartBuffers.TakeAsync(_stop.Token);
        _buffer?.CopyTo(larger, 0);
        _buffer = larger;
        // A buffer may be free because a part failed. Report that failure to the writer.
        if (_parts.Find(part => part.IsFaulted || part.IsCanceled) is { } failed)
            await failed;
    }

    private async Task SendPartAsync()
    {
        if (_parts.Count == MostParts)
            throw new ObjectStoreException(
                ObjectStoreFault.Refused,
                $"{name} is larger than {(long)MostParts * PartBuffers.Length >> 30} GiB, the limit for one object. Split the upload."
            );
        _id ??= (
            await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = name }, _stop.Token)
        ).UploadId;
        _parts.Add(SendAsync(_buffer!, _filled, _parts.Count + 1));
        (_buffer, _filled) = (null, 0);
    }

    private async Task<PartETag> SendAsync(byte[] buffer, int length, int number)
    {
        try
        {
            using var content = new MemoryStream(buffer, 0, length);
            var request = new UploadPartRequest
            {
                BucketName = bucket,
                Key = name,
                UploadId = _id,
                PartNumber = number,
                PartSize = length,
                InputStream = content,
                UseChunkEncoding = false,
            };
            var answer = await client.UploadPartAsync(request, _stop.Token);
            PartBuffers.GiveBack(buffer);
            return new PartETag(answer);
        }
        catch
        {
            // A cancelled request may still read the buffer.
            PartBuffers.Drop();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_completed)
            await AbortAsync();
        // A failed or cancelled request may still read the buffer.
        if (_buffer?.Length == PartBuffers.Length && _completed)
            PartBuffers.GiveBack(_buffer);
        else if (_buffer?.Length == PartBuffers.Length)
            PartBuffers.Drop();
        _stop.Dispose();
    }

    private async Task AbortAsync()
    {
        await _stop.CancelAsync();
        // A part that arrives after the abort would never be deleted.
        await Task.WhenAll(_parts)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (_id is null)
            return;
        using var limit = new CancellationTokenSource(s_abortLimit);
        try
        {
            await client.AbortMultipartUploadAsync(bucket, name, _id, limit.Token);
        }
        catch (Exception e) when (S3Faults.IsStoreFailure(e, CancellationToken.None))
        {
            // The caller gets the error that ended the upload. DeleteUnfinishedAsync removes the remaining parts later.
        }
    }
}
