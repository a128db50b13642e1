namespace WpFarm.Tests.Integration;

/// <summary>
/// Does things again and again beside a test, each at a steady pace: a machine that is busy with the load has no time for what is tested.
/// Ends with the test, also with one that fails.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(300);

    private readonly TimeSpan _pace;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <param name="works">Each is begun anew when it has ended, with the number of times that it was before.</param>
    public SteadyLoad(params Func<int, Task>[] works)
        : this(s_pace, works) { }

    /// <param name="pace">From one beginning to the next; one that takes longer is followed at once.</param>
    public SteadyLoad(TimeSpan pace, params Func<int, Task>[] works)
    {
        _pace = pace;
        _running = Task.WhenAll(works.Select(RunAsync));
    }

    /// <exception cref="Exception">What one of the works threw.</exception>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Whoever wants to know how it went has asked by now.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(Func<int, Task> work)
    {
        using var pace = new PeriodicTimer(_pace);
        for (var times = 0; !_stop.IsCancellationRequested; times++)
        {
            await work(times);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
