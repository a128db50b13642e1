using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Database;

/// <summary>Watches the Orchestrator give a database server a copy of another's data.</summary>
public sealed class DatabaseSeed(OrchestratorApi orchestrator, IFarmProgress progress)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Until it begins: the server first hands over what it does.</summary>
    private static readonly TimeSpan s_begins = TimeSpan.FromMinutes(1);

    private string? _reported;

    /// <returns>How it went.</returns>
    /// <exception cref="OperationFailedException">It did not; the server is as it was.</exception>
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
                $"{server} was not begun with",
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

    /// <summary>It has what the writer has, and follows it.</summary>
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
        using var tick = new PeriodicTimer(s_lookEvery);
        while (!condition(await orchestrator.SendAsync(DatabaseRoutes.Status, cancel)))
        {
            if (!begun() && System.Diagnostics.Stopwatch.GetElapsedTime(started) > s_begins)
                throw new OperationFailedException($"{otherwise} within {s_begins.TotalSeconds:0} s. ./farm db status says why.");
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
