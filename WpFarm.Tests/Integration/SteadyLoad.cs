namespace WpFarm.Tests.Integration;

/// <summary>
/// Repeats actions beside a test, each at a steady pace: on a machine that is busy with the load, what is tested would get no time. Ends
/// with the test, also when the test fails.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(300);

    private readonly TimeSpan _pace;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <param name="works">Each action is started again when it has ended. Its argument is the number of earlier runs.</param>
    public SteadyLoad(params Func<int, Task>[] works)
        : this(s_pace, works) { }

    /// <param name="pace">From one start of an action to its next. An action that takes longer is repeated at once.</param>
    public SteadyLoad(TimeSpan pace, params Func<int, Task>[] works)
    {
        _pace = pace;
        _running = Task.WhenAll(works.Select(RunAsync));
    }

    /// <exception cref="Exception">The exception of a failed action.</exception>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // A test that wants to know about failures has asked before.
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
