using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Database;

/// <summary>Orders the Orchestrator to reseed a database server, and reports the progress.</summary>
public sealed class DatabaseSeed(OrchestratorApi orchestrator, IFarmProgress progress)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the copy may take to begin: the server first hands its role over.</summary>
    private static readonly TimeSpan s_begins = TimeSpan.FromMinutes(1);

    private string? _reported;

    /// <returns>The finished copy, with its phases.</returns>
    /// <exception cref="OperationFailedException">The copy failed or did not begin. The server keeps its data.</exception>
    public async Task<SeedReport> OrderAsync(string server, CancellationToken cancel)
    {
        progress.Begin("Copy");
        var before = (await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)).Seeds is [{ } latest, ..]
            ? latest.Since
            : (DateTimeOffset?)null;
        await orchestrator.SendAsync(DatabaseRoutes.Reseed, new(server, On: true), cancel);
        try
        {
            SeedReport? seed = null;
            await UntilAsync(
                status =>
                {
                    seed = status.Seeds.FirstOrDefault(candidate =>
                        candidate.To == server && candidate.Since > (before ?? DateTimeOffset.MinValue)
                    );
                    Report(server, seed, status);
                    return seed?.Ended is not null;
                },
                () => seed is not null,
                $"The copy to {server} did not begin",
                cancel
            );
            return seed!.Failure is null ? seed : throw new OperationFailedException($"{server}: {seed.Failure}");
        }
        catch (Exception e) when (e is OperationFailedException or OperationCanceledException)
        {
            await orchestrator.SendAsync(DatabaseRoutes.Reseed, new(server, On: false), CancellationToken.None);
            throw;
        }
    }

    /// <summary>Waits until the server has every transaction of the writer and follows it.</summary>
    public Task UntilItFollowsAsync(string server, CancellationToken cancel) =>
        UntilAsync(
            status =>
            {
                Report(server, status.Seeds.FirstOrDefault(seed => seed.To == server), status);
                return status.Problems.Count == 0
                    && status.Servers.Any(seen =>
                        seen.Name == server && seen.Gtid == status.Servers.FirstOrDefault(writer => writer.Name == status.Writer)?.Gtid
                    );
            },
            () => true,
            "",
            cancel
        );

    private async Task UntilAsync(Func<DatabaseStatus, bool> condition, Func<bool> begun, string otherwise, CancellationToken cancel)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(s_interval);
        while (!condition(await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)))
        {
            if (!begun() && System.Diagnostics.Stopwatch.GetElapsedTime(started) > s_begins)
                throw new OperationFailedException($"{otherwise} within {s_begins.TotalSeconds:0} s. Run ./farm db status to see why.");
            await tick.WaitForNextTickAsync(cancel);
        }
    }

    private void Report(string server, SeedReport? seed, DatabaseStatus status)
    {
        var state =
            seed is { Running: { } phase } ? $"{phase}, {seed.Bytes >> 20} MB from {seed.From}"
            : seed is { Ended: not null, Failure: null } ? $"has a copy of {seed.From}"
            : status.Problems.FirstOrDefault(problem => problem.Contains(server, StringComparison.Ordinal)) ?? "waits";
        if (state != _reported)
            progress.Report(server, _reported = state);
    }
}
