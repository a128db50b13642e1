using WpFarm.Backups.Streams;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Checks its source when that ends. A reader that reaches the end has the complete data. Leaves the source open.</summary>
/// <param name="check">Throws when the source, read to its end, is incomplete.</param>
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
