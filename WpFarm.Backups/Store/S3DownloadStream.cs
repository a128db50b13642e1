using Amazon.S3;
using Amazon.S3.Model;
using Polly;
using Polly.Retry;
using WpFarm.Backups.Streams;

namespace WpFarm.Backups.Store;

/// <summary>
/// Downloads an object. When the connection breaks, the download resumes at the same byte, if the object has not changed. It fails after
/// <see cref="Attempts"/> attempts that brought no byte.
/// </summary>
internal sealed class S3DownloadStream : ReadOnlyStream
{
    private const int Attempts = 5;

    private readonly AmazonS3Client _client;
    private readonly GetObjectRequest _request;
    private readonly Func<Exception, ObjectStoreException> _translate;
    private readonly ResiliencePipeline _retries;
    private GetObjectResponse? _answer;
    private long _length;
    private long _position;

    public S3DownloadStream(
        AmazonS3Client client,
        string bucket,
        string name,
        TimeProvider time,
        Func<Exception, ObjectStoreException> translate
    )
    {
        (_client, _request, _translate) = (client, new GetObjectRequest { BucketName = bucket, Key = name }, translate);
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    ShouldHandle = args =>
                        ValueTask.FromResult(args.Outcome.Exception is { } e && IsBroken(e, args.Context.CancellationToken)),
                    MaxRetryAttempts = Attempts,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromMilliseconds(250),
                    MaxDelay = TimeSpan.FromSeconds(10),
                    UseJitter = true,
                }
            )
            .Build();
    }

    /// <summary>Connects, so that a missing object or a lacking permission is an error at once.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        try
        {
            await ConnectAsync(cancel);
            _length = _answer!.ContentLength;
            _request.EtagToMatch = _answer.ETag;
        }
        catch (Exception e) when (S3Faults.IsStoreFailure(e, cancel))
        {
            throw _translate(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position == _length)
            return 0;
        try
        {
            var read = await _retries.ExecuteAsync(async cancel => await ReadOnceAsync(buffer, cancel), cancellationToken);
            _position += read;
            return read;
        }
        catch (Exception e) when (S3Faults.IsStoreFailure(e, cancellationToken))
        {
            throw _translate(e);
        }
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        if (_answer is null)
            await ConnectAsync(cancel);
        try
        {
            var read = await _answer!.ResponseStream.ReadAsync(buffer, cancel);
            return read > 0 ? read : throw new EndOfStreamException($"the download ended after {_position} of {_length} bytes");
        }
        catch (Exception e) when (IsBroken(e, cancel))
        {
            _answer!.Dispose();
            _answer = null;
            throw;
        }
    }

    private async Task ConnectAsync(CancellationToken cancel)
    {
        if (_position > 0)
            _request.ByteRange = new ByteRange(_position, _length - 1);
        try
        {
            _answer = await _client.GetObjectAsync(_request, cancel);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is System.Net.HttpStatusCode.PreconditionFailed)
        {
            throw new ObjectStoreException(
                ObjectStoreFault.Corrupt,
                $"{_request.Key} was replaced during the download. Start the download again.",
                e
            );
        }
    }

    /// <summary>True for errors that a retry may cure: no answer, or a temporary error of the store.</summary>
    private bool IsBroken(Exception e, CancellationToken cancel) =>
        S3Faults.IsStoreFailure(e, cancel) && _translate(e).Fault is ObjectStoreFault.Unreachable or ObjectStoreFault.Unavailable;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _answer?.Dispose();
        base.Dispose(disposing);
    }
}
