using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WpFarm.Contracts.Settings;

namespace WpFarm.Backups.Store;

/// <summary>A bucket of an S3 server.</summary>
public sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private const int MostPerDelete = 1000;

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">The options are invalid.</exception>
    /// <exception cref="IOException">The file with the secret key cannot be read.</exception>
    public S3ObjectStore(ObjectStoreSettings options, TimeProvider time)
    {
        if (options.Problems("store").ToList() is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        _bucket = options.Bucket;
        _time = time;
        Location = $"{options.Endpoint.GetLeftPart(UriPartial.Authority)}/{options.Bucket}";
        var config = new AmazonS3Config
        {
            ServiceURL = options.Endpoint.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = options.Region,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 3,
            // The signature of each request includes the SHA-256 of its body, which the store verifies.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            HttpClientFactory = new S3Connections(),
        };
        var key = new SecretKeyFile(options.AccessKey, options.SecretKeyFile);
        _ = key.GetCredentials();
        _client = new AmazonS3Client(key, config);
    }

    public string Location { get; }

    /// <summary>Creates the bucket if it does not exist.</summary>
    public async Task CreateBucketAsync(CancellationToken cancel)
    {
        try
        {
            await CallAsync(null, () => _client.PutBucketAsync(new PutBucketRequest { BucketName = _bucket }, cancel), cancel);
        }
        catch (ObjectStoreException e)
            when (e.InnerException is AmazonS3Exception { ErrorCode: "BucketAlreadyOwnedByYou" or "BucketAlreadyExists" })
        {
            // The bucket may be another account's. The first request to it then fails.
        }
    }

    public async Task<StoredObject> PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        var upload = new S3Upload(_client, _bucket, name, cancel);
        await using (upload)
        {
            // Exceptions of the delegate are not translated: it may read from another store.
            await write(new S3UploadStream(upload, e => S3Faults.Translate(e, Location, name)), cancel);
            await CallAsync(
                name,
                async () =>
                {
                    await upload.CompleteAsync();
                    return true;
                },
                cancel
            );
        }

        var stored = await HeadAsync(name, cancel);
        if (stored?.Size != upload.Bytes)
            throw new ObjectStoreException(
                ObjectStoreFault.Corrupt,
                $"{name} in {Location} has {stored?.Size ?? 0} bytes, but {upload.Bytes} were uploaded. Upload it again."
            );
        return stored;
    }

    public async Task<Stream> GetAsync(string name, CancellationToken cancel)
    {
        var stream = new S3DownloadStream(_client, _bucket, name, _time, e => S3Faults.Translate(e, Location, name));
        await stream.OpenAsync(cancel);
        return stream;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync(null, () => _client.ListObjectsV2Async(request, cancel), cancel);
            foreach (var found in page.S3Objects ?? [])
                yield return new StoredObject(found.Key, found.Size ?? 0, Utc(found.LastModified));
            request.ContinuationToken = page.NextContinuationToken;
        } while (page.IsTruncated == true);
    }

    public async Task<StoredObject?> HeadAsync(string name, CancellationToken cancel)
    {
        try
        {
            var found = await CallAsync(name, () => _client.GetObjectMetadataAsync(_bucket, name, cancel), cancel);
            return new StoredObject(name, found.ContentLength, Utc(found.LastModified));
        }
        catch (ObjectStoreException e) when (e.Fault is ObjectStoreFault.NoSuchObject or ObjectStoreFault.AccessDenied)
        {
            // An answer to HEAD has no body, so it does not tell a missing bucket from a missing object, nor why access is denied. Listing
            // does.
            await CallAsync(
                null,
                () =>
                    _client.ListObjectsV2Async(
                        new ListObjectsV2Request
                        {
                            BucketName = _bucket,
                            Prefix = name,
                            MaxKeys = 1,
                        },
                        cancel
                    ),
                cancel
            );
            if (e.Fault is ObjectStoreFault.AccessDenied)
                throw;
            return null;
        }
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        foreach (var some in names.Chunk(MostPerDelete))
        {
            var request = new DeleteObjectsRequest
            {
                BucketName = _bucket,
                Quiet = true,
                Objects = [.. some.Select(name => new KeyVersion { Key = name })],
            };
            await CallAsync(null, () => _client.DeleteObjectsAsync(request, cancel), cancel);
        }
    }

    /// <summary>
    /// Aborts multipart uploads that began before <paramref name="before"/> and were never completed, because the process or the store
    /// died. They take space but appear in no listing.
    /// </summary>
    /// <returns>Number of aborted uploads.</returns>
    public async Task<int> DeleteUnfinishedAsync(DateTimeOffset before, CancellationToken cancel)
    {
        var count = 0;
        var request = new ListMultipartUploadsRequest { BucketName = _bucket };
        ListMultipartUploadsResponse page;
        do
        {
            page = await CallAsync(null, () => _client.ListMultipartUploadsAsync(request, cancel), cancel);
            foreach (var upload in (page.MultipartUploads ?? []).Where(upload => Utc(upload.Initiated) < before))
            {
                await CallAsync(upload.Key, () => _client.AbortMultipartUploadAsync(_bucket, upload.Key, upload.UploadId, cancel), cancel);
                count++;
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        } while (page.IsTruncated == true);
        return count;
    }

    public void Dispose() => _client.Dispose();

    private static DateTimeOffset Utc(DateTime? time) =>
        time is { } known ? new DateTimeOffset(known.ToUniversalTime(), TimeSpan.Zero) : default;

    private async Task<T> CallAsync<T>(string? name, Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (S3Faults.IsStoreFailure(e, cancel))
        {
            throw S3Faults.Translate(e, Location, name);
        }
    }
}
