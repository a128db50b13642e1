using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WpFarm.Orchestrator.Database;

/// <summary>Healthy when exactly one primary takes writes and every server follows the primaries.</summary>
internal sealed class DatabaseHealthCheck(DatabaseState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(state.Current));

    private static HealthCheckResult Check(DatabaseSnapshot snapshot) =>
        snapshot.Problems is { Count: > 0 } problems
            ? HealthCheckResult.Unhealthy(string.Join("; ", problems))
            : HealthCheckResult.Healthy($"{snapshot.Writer} takes writes, {snapshot.Servers.Count - 1} servers follow");
}
