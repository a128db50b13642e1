using System.Buffers;
using System.Collections.Concurrent;

namespace WpFarm.Backups.Store;

/// <summary>
/// What parts are kept in on their way to a store: three of 8 MiB for all uploads together, and who wants one more waits. So memory depends
/// neither on how large an object is nor on how many are under way. <see cref="ArrayPool{T}.Shared"/> would keep some for each thread.
/// </summary>
internal static class PartBuffers
{
    public const int Length = 8 << 20;

    private const int Count = 3;

    private static readonly SemaphoreSlim s_left = new(Count);
    private static readonly ConcurrentBag<byte[]> s_used = [];

    /// <summary>Give each back, or <see cref="Drop"/> it.</summary>
    public static async ValueTask<byte[]> TakeAsync(CancellationToken cancel)
    {
        await s_left.WaitAsync(cancel);
        return s_used.TryTake(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Length);
    }

    public static void GiveBack(byte[] buffer)
    {
        s_used.Add(buffer);
        s_left.Release();
    }

    /// <summary>Somebody may still read it: the next gets a new one in its place.</summary>
    public static void Drop() => s_left.Release();
}
