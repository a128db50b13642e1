using WpFarm.Backups.Streams;

namespace WpFarm.Backups.Store;

/// <summary>The stream that a delegate writes an object to.</summary>
internal sealed class S3UploadStream(S3Upload upload, Func<Exception, ObjectStoreException> translate) : WriteOnlyStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await upload.WriteAsync(buffer);
        }
        catch (Exception e) when (S3Faults.IsStoreFailure(e, upload.Cancelled))
        {
            throw translate(e);
        }
    }
}
