using System.Text.Json;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Tests.Integration;

/// <summary>
/// The farm, with a tier that follows its load for as long as tests of that run: one container at least, six at most, short windows.
/// Its pages have times of their own, too, so that a test of these needs no <c>./farm up</c> of its own.
/// </summary>
public sealed class ScaledTier(SharedFarm farm) : IAsyncLifetime
{
    public const int PageTtl = 77;
    public const int GraceHours = 2;

    public string Tier => farm.Blog.Tier;

    public string Pool => $"pool-{Tier}";

    public async ValueTask InitializeAsync()
    {
        // Two of the four PHP workers that are busy when Prometheus looks are too many.
        await File.WriteAllTextAsync(
            farm.FarmFile,
            JsonSerializer.Serialize(
                new
                {
                    caching = new { pageTtl = PageTtl, graceHours = GraceHours },
                    tiers = new Dictionary<string, object>
                    {
                        [Tier] = new
                        {
                            replicas = new { min = 1, max = 6 },
                            scaling = new
                            {
                                enabled = true,
                                downAfterSeconds = 60,
                                signals = new
                                {
                                    cpu = new { above = 20, seconds = 0 },
                                    memory = new { above = 0 },
                                    latency = new { above = 0 },
                                    queue = new { above = 0 },
                                    busy = new { above = 30, seconds = 0 },
                                },
                            },
                        },
                    },
                }
            )
        );
        await farm.UpAsync();
        await farm.LookAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await File.WriteAllTextAsync(farm.FarmFile, "{}");
        await farm.UpAsync();
        await farm.LookAsync();
    }

    public async Task<TierScaling> LookAsync()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return (await orchestrator.SendAsync(ScalingRoutes.Tiers, CancellationToken.None)).Single(tier => tier.Tier == Tier);
    }

    public async Task<IReadOnlyList<ScalingChange>> ChangesAsync()
    {
        using var orchestrator = new OrchestratorApi(farm.Farm, farm.Instance);
        return await orchestrator.SendAsync(ScalingRoutes.Log, CancellationToken.None);
    }

    /// <summary>Until the last look at it was as said; nobody answering is not.</summary>
    public Task EventuallyAsync(string what, Func<TierScaling, bool> condition) => SharedFarm.EventuallyAsync(what, async () =>
        {
            try
            {
                return condition(await LookAsync());
            }
            catch (OperationFailedException)
            {
                return false;
            }
        });

    /// <summary><c>./farm scale TIER N</c>; a machine that is busy may just refuse it.</summary>
    public Task SetAsync(int replicas) =>
        SharedFarm.EventuallyAsync($"{replicas} are ordered", async () =>
            (await farm.CommandAsync("scale", Tier, $"{replicas}")).ExitCode == 0
        );

    /// <summary>Names of the containers of its pool that the engine says are in a state.</summary>
    public async Task<string[]> ContainersAsync(string state) =>
        (
            await SharedFarm.DockerAsync(
                "ps",
                "--all",
                "--format",
                "{{.Names}}",
                "--filter",
                $"name=^{farm.Instance.Project}-{Pool}-",
                "--filter",
                $"status={state}"
            )
        )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal)
            .ToArray();
}
