namespace WpFarm.Orchestrator.Database.Seeding;

/// <summary>
/// Lets the authority tell a reseed when its server may be stopped. While the reseed acts, the authority waits and changes no roles.
/// </summary>
internal sealed class StopHandshake
{
    /// <summary>Time limit for the authority to agree. It agrees at its next tick if it still wants the reseed, otherwise never.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="TimeoutException">
    /// The authority did not agree: the reseed is no longer needed, or the server was given a role.
    /// </exception>
    public async Task TakeAsync(TimeProvider time, CancellationToken cancel)
    {
        _wanted.TrySetResult();
        try
        {
            await _given.Task.WaitAsync(s_limit, time, cancel);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"the Orchestrator has not allowed the server to stop within {s_limit.TotalSeconds:0} s: "
                    + "it has a role, or needs no reseed any more"
            );
        }
    }

    /// <summary>Agrees to a waiting reseed, and returns when it has restarted its server. Returns at once when none waits.</summary>
    public async Task GiveAsync(CancellationToken cancel)
    {
        if (!_wanted.Task.IsCompleted)
            return;
        _given.TrySetResult();
        await _ended.Task.WaitAsync(cancel);
    }

    public void End() => _ended.TrySetResult();
}
