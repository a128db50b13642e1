namespace WpFarm.Orchestrator.Database;

/// <summary>Polls until a condition is met.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">
    /// The condition was not met within <paramref name="limit"/>. The message is <paramref name="otherwise"/>.
    /// </exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        TimeSpan limit,
        string otherwise,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var started = time.GetTimestamp();
        using var tick = new PeriodicTimer(s_interval, time);
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > limit)
                throw new TimeoutException($"{otherwise} within {limit.TotalSeconds:0.#} s");
            await tick.WaitForNextTickAsync(cancel);
        }
    }
}
