using WpFarm.Backups.Streams;

namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>Reports how many bytes were read through it, every 16 MB and at its end. Leaves the source open.</summary>
internal sealed class CountedStream(Stream source, Action<long> progress) : ReadOnlyStream
{
    private const long Step = 16 << 20;

    private long _reported;

    public long Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Count += read;
        if (read == 0 || Count - _reported >= Step)
            progress(_reported = Count);
        return read;
    }
}
