using System.Text.Json;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Tests.Integration;

/// <summary>
/// The farm with a tier that follows its load while tests of this run: one to six containers and short windows. Its pages have their own
/// cache times too, so that a test of those needs no <c>./farm up</c> of its own.
/// </summary>
public sealed class ScaledTier(SharedFarm farm) : IAsyncLifetime
{
    public const int PageTtl = 77;
    public const int GraceHours = 2;

    public string Tier => farm.Blog.Tier;

    public string Pool => $"pool-{Tier}";

    public async ValueTask InitializeAsync()
    {
        // Two busy PHP workers of four, when Prometheus scrapes, are above the threshold.
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

    /// <summary>Waits until the last observation of the tier satisfies the condition. A missing answer does not.</summary>
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

    /// <summary>Runs <c>./farm scale TIER N</c>, and retries, because a busy machine may refuse the order.</summary>
    public Task SetAsync(int replicas) =>
        SharedFarm.EventuallyAsync($"{replicas} are ordered", async () =>
            (await farm.CommandAsync("scale", Tier, $"{replicas}")).ExitCode == 0
        );

    /// <summary>Names of the pool's containers that the engine reports in the given state.</summary>
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
