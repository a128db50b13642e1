using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.OrchestratorClient;

/// <summary>
/// While a farm is changed, its Orchestrator starts and ends no containers. The hold is the farm's, not the Orchestrator's: one that is
/// replaced meanwhile keeps to it. A deployment that is killed leaves it to end by itself.
/// </summary>
internal sealed class ScalingHold : IAsyncDisposable
{
    private readonly OrchestratorApi? _orchestrator;
    private readonly IFarmProgress _progress;

    private ScalingHold(OrchestratorApi? orchestrator, IFarmProgress progress) => (_orchestrator, _progress) = (orchestrator, progress);

    /// <summary>Of a farm that scales nothing, or does not run, there is nothing to hold. Its secrets must be there.</summary>
    public static async Task<ScalingHold> TakeAsync(Farm farm, FarmInstance instance, IFarmProgress progress, CancellationToken cancel)
    {
        if (!farm.Services.Any(service => service.FollowsLoad))
            return new ScalingHold(null, progress);
        var orchestrator = new OrchestratorApi(farm, instance);
        try
        {
            await orchestrator.SendAsync(ScalingRoutes.Hold, cancel);
            return new ScalingHold(orchestrator, progress);
        }
        catch (OperationFailedException e)
        {
            // A new farm, or one that is down: whoever does not answer scales nothing.
            progress.Report("autoscaling", $"not held: {e.Message}");
            orchestrator.Dispose();
            return new ScalingHold(null, progress);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_orchestrator is null)
            return;
        try
        {
            await _orchestrator.SendAsync(ScalingRoutes.Release, CancellationToken.None);
        }
        catch (OperationFailedException e)
        {
            _progress.Report("autoscaling", $"held for up to ten minutes: {e.Message}");
        }
        finally
        {
            _orchestrator.Dispose();
        }
    }
}
