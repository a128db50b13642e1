using WpFarm.Backups.Streams;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Ends only if its source ended well: whoever reads it to the end has all of it. Leaves the source open.</summary>
/// <param name="check">Throws when the source, now read to its end, is not all that it should be.</param>
internal sealed class CheckedStream(Stream source, Action check) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0)
            check();
        return read;
    }
}
