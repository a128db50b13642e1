using System.Data.Common;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Procedures;

namespace WpFarm.Orchestrator.Autoscaling;

/// <summary>
/// The leader lock: a named lock on the database server that takes writes. There is only one such server, and every Orchestrator knows it.
/// </summary>
internal sealed class ScalingLeaderLock(IReadOnlyList<MariaDbServer> servers, DatabaseState database) : IScalingLeaderLock, IAsyncDisposable
{
    private const string Name = "wpfarm.scaling";

    private ServerLock? _held;

    public async Task<Outcome> TryAcquireAsync(CancellationToken cancel)
    {
        if (database.Current.Writer is not { } writer)
            return Outcome.Refused($"no database server takes writes, so no Orchestrator can take the lock {Name}");
        if (_held is not null && _held.Server == writer && await _held.IsHeldAsync(cancel))
            return Outcome.Accepted;
        await ReleaseAsync();
        try
        {
            _held = await servers.First(server => server.Identity == writer).TryLockAsync(Name, cancel);
            return _held is null
                ? Outcome.Refused($"another Orchestrator scales (it holds the lock {Name} on {writer})")
                : Outcome.Accepted;
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            return Outcome.Refused($"{writer} does not tell who holds the lock {Name}: {e.Message}");
        }
    }

    public async ValueTask DisposeAsync() => await ReleaseAsync();

    private async Task ReleaseAsync()
    {
        if (_held is not null)
            await _held.DisposeAsync();
        _held = null;
    }
}
