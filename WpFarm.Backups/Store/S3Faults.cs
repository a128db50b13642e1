using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace WpFarm.Backups.Store;

/// <summary>Translates errors of S3 into messages that say what to do.</summary>
internal static class S3Faults
{
    private static readonly HashSet<string> s_full =
    [
        "QuotaExceeded",
        "InsufficientStorage",
        "XMinioStorageFull",
        "XMinioAdminBucketQuotaExceeded",
    ];

    /// <summary>True for an exception of an S3 call that the store or the network caused.</summary>
    public static bool IsStoreFailure(Exception e, CancellationToken cancel) =>
        e
            is AmazonServiceException
                or AmazonClientException
                or HttpRequestException
                or IOException
                and not ObjectStoreException
                or TimeoutException
        || (e is OperationCanceledException && !cancel.IsCancellationRequested);

    /// <param name="name">The object; null for the bucket.</param>
    public static ObjectStoreException Translate(Exception e, string location, string? name)
    {
        var what = name is null ? location : $"{name} in {location}";
        return e switch
        {
            AmazonS3Exception s3 => From(s3, location, what),
            AmazonServiceException { StatusCode: not 0 } service => new(
                ObjectStoreFault.Refused,
                $"{what}: the store answers {(int)service.StatusCode}: {service.Message}",
                e
            ),
            _ => new(
                ObjectStoreFault.Unreachable,
                $"{location} does not answer ({Innermost(e).Message}). Check that it runs and that the endpoint is right.",
                e
            ),
        };
    }

    private static ObjectStoreException From(AmazonS3Exception e, string location, string what)
    {
        if (
            s_full.Contains(e.ErrorCode ?? "") || e.StatusCode is HttpStatusCode.InsufficientStorage or HttpStatusCode.RequestEntityTooLarge
        )
            return new(
                ObjectStoreFault.Full,
                $"{what}: the store is full, or its quota is used up ({e.Message}). Free space, or prune backups.",
                e
            );
        return e.ErrorCode switch
        {
            "ExpiredToken" or "TokenRefreshRequired" => new(
                ObjectStoreFault.AccessDenied,
                $"{location}: the access key has expired. Create a new key and replace the secret.",
                e
            ),
            "InvalidAccessKeyId" => new(
                ObjectStoreFault.AccessDenied,
                $"{location} does not know the access key. Check the access key and the endpoint.",
                e
            ),
            "SignatureDoesNotMatch" => new(
                ObjectStoreFault.AccessDenied,
                $"{location} rejects the secret key: it does not belong to the access key. Correct the secret.",
                e
            ),
            "RequestTimeTooSkewed" => new(
                ObjectStoreFault.AccessDenied,
                $"{location} rejects every request, because its clock and this machine's differ by more than 15 minutes. Set the clocks.",
                e
            ),
            "NoSuchBucket" => new(
                ObjectStoreFault.NoSuchBucket,
                $"{location}: the bucket does not exist. Create it, or correct the name.",
                e
            ),
            "NoSuchKey" => new(ObjectStoreFault.NoSuchObject, $"{what}: the object does not exist.", e),
            _ => e.StatusCode switch
            {
                HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new(
                    ObjectStoreFault.AccessDenied,
                    $"{what}: access denied ({e.Message}). The access key needs to read, write, list and delete in this bucket.",
                    e
                ),
                HttpStatusCode.NotFound => new(ObjectStoreFault.NoSuchObject, $"{what}: the object does not exist.", e),
                HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway
                or HttpStatusCode.GatewayTimeout => new(
                    ObjectStoreFault.Unavailable,
                    $"{what}: the store answers {(int)e.StatusCode}: it is overloaded or starting, or its disk is full ({e.Message}).",
                    e
                ),
                0 => new(
                    ObjectStoreFault.Unreachable,
                    $"{location} does not answer ({Innermost(e).Message}). Check that it runs and that the endpoint is right.",
                    e
                ),
                _ => new(ObjectStoreFault.Refused, $"{what}: the store answers {(int)e.StatusCode} {e.ErrorCode}: {e.Message}", e),
            },
        };
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
