namespace WpFarm.Backups.Polling;

/// <summary>Evaluates a condition at intervals until it holds. The Orchestrator and the operator's programs use it.</summary>
public static class Poll
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Between requests to a server that answers in a millisecond.</summary>
    private static readonly TimeSpan s_shortInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Evaluates the condition 20 times a second until it holds.</summary>
    /// <exception cref="TimeoutException">
    /// The condition did not hold within <paramref name="limit"/>. The message is <paramref name="otherwise"/> and the limit.
    /// </exception>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        TimeSpan limit,
        string otherwise,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        if (!await HoldsAsync(condition, limit, s_shortInterval, time, cancel))
            throw new TimeoutException($"{otherwise} within {limit.TotalSeconds:0.#} s");
    }

    /// <param name="interval">Pause between two evaluations; null: half a second.</param>
    /// <returns>True once the condition holds. False when it did not hold within <paramref name="limit"/>.</returns>
    public static Task<bool> HoldsAsync(Func<Task<bool>> condition, TimeSpan limit, CancellationToken cancel, TimeSpan? interval = null) =>
        HoldsAsync(condition, limit, interval ?? s_interval, TimeProvider.System, cancel);

    private static async Task<bool> HoldsAsync(
        Func<Task<bool>> condition,
        TimeSpan limit,
        TimeSpan interval,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var started = time.GetTimestamp();
        using var tick = new PeriodicTimer(interval, time);
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > limit)
                return false;
            await tick.WaitForNextTickAsync(cancel);
        }

        return true;
    }
}
