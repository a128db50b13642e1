namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>
/// Hands the moment at which a server may be stopped from the authority to whoever waits for it, and back: while the one acts the other
/// changes no roles.
/// </summary>
internal sealed class StopHandshake
{
    /// <summary>An authority that wants the seed gives its turn at each look; one that does not, never.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="TimeoutException">It was not given: there is no need any more, or the server got a role.</exception>
    public async Task TakeAsync(TimeProvider time, CancellationToken cancel)
    {
        _wanted.TrySetResult();
        try
        {
            await _given.Task.WaitAsync(s_limit, time, cancel);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the server may not be stopped, or need not be any more, for {s_limit.TotalSeconds:0} s");
        }
    }

    /// <summary>Returns at once when nobody waits, otherwise when it has been used.</summary>
    public async Task GiveAsync(CancellationToken cancel)
    {
        if (!_wanted.Task.IsCompleted)
            return;
        _given.TrySetResult();
        await _ended.Task.WaitAsync(cancel);
    }

    public void End() => _ended.TrySetResult();
}
