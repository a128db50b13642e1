using System.Buffers;
using System.Collections.Concurrent;

namespace WpFarm.Backups.Store;

/// <summary>
/// Buffers for the parts of uploads: three of 8 MiB, shared by all uploads. An upload that needs a further one waits. So memory use depends
/// neither on the size nor on the number of objects. <see cref="ArrayPool{T}.Shared"/> would keep buffers for each thread.
/// </summary>
internal static class PartBuffers
{
    public const int Length = 8 << 20;

    private const int Count = 3;

    private static readonly SemaphoreSlim s_left = new(Count);
    private static readonly ConcurrentBag<byte[]> s_used = [];

    /// <summary>The caller must return each buffer with <see cref="GiveBack"/>, or <see cref="Drop"/> it.</summary>
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

    /// <summary>Abandons a buffer that a cancelled request may still read. A new one takes its place.</summary>
    public static void Drop() => s_left.Release();
}
