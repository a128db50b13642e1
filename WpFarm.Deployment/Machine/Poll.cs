using System.Diagnostics;

namespace WpFarm.Deployment.Machine;

public static class Poll
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Evaluates the condition twice a second until it holds.</summary>
    /// <returns>False when it did not hold within <paramref name="limit"/>.</returns>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(s_interval);
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                return false;
            await tick.WaitForNextTickAsync(cancel);
        }

        return true;
    }
}
