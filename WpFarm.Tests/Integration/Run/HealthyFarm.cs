using WpFarm.Backups.Polling;
using WpFarm.Deployment;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Tests.Deployment.Machine;

namespace WpFarm.Tests.Integration.Run;

/// <summary>
/// Checks the farm before each class. When the previous class has left it unhealthy, names that class and repairs the farm, so that later
/// classes start from a healthy one.
/// </summary>
public sealed class HealthyFarm(SharedFarm farm) : IAsyncLifetime
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The Orchestrator renews its lease every 20 s.</summary>
    private static readonly TimeSpan s_renewal = TimeSpan.FromSeconds(25);

    private static string s_lastClass = "the start of the run";

    public async ValueTask InitializeAsync()
    {
        var before = s_lastClass;
        s_lastClass = TestContext.Current.TestClass?.TestClassName ?? "?";
        if (await LastingProblemAsync() is not { } problem)
            return;
        await farm.UpAsync();
        Assert.Fail($"{before} left the farm unhealthy: {problem}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>The lasting problem; null when the farm is healthy.</returns>
    private async Task<string?> LastingProblemAsync()
    {
        string? problem = null;
        await Poll.HoldsAsync(async () => (problem = await ProblemAsync()) is null, s_patience, CancellationToken.None, s_interval);
        return problem;
    }

    /// <summary>
    /// A store may be reachable again before the lease is renewed. A job that begins then is aborted when the lease expires.
    /// </summary>
    private async Task<bool> IsLeaseStaleAsync() =>
        await farm.BackupsAsync() is { LeaseRenewedAt: { } renewed } && TimeProvider.System.GetUtcNow() - renewed > s_renewal;

    private async Task<string?> ProblemAsync()
    {
        try
        {
            var (_, services) = await new FarmRunbook(RepositoryRoot.Find(), farm.Instance, new Quiet()).StatusAsync(
                farm.FarmFile,
                CancellationToken.None
            );
            IEnumerable<string> problems =
            [
                .. services.Where(service => !service.IsSettled).Select(service => $"{service.Name} is {service.State} ({service.Detail})"),
                .. (await farm.DatabaseAsync()).Problems,
                .. await IsLeaseStaleAsync() ? ["the Orchestrator's lease on the store is about to end"] : Array.Empty<string>(),
            ];
            return problems.Any() ? string.Join("; ", problems) : null;
        }
        catch (Exception e) when (e is InvalidInputException or OperationFailedException)
        {
            return e.Message;
        }
    }
}
