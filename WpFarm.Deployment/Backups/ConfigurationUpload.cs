using WpFarm.Backups.Polling;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Backups;

/// <summary>Sends the <see cref="ConfigurationArchive"/> to the Orchestrator, which stores it with the backups.</summary>
public sealed class ConfigurationUpload(FarmInstance instance, IFarmProgress progress)
{
    /// <summary>
    /// How long to retry. A newly started Orchestrator must wait until its predecessor's lease expires, which takes a minute.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Stores the configuration after a change of the farm. A failure does not harm the running farm, so it is only reported.
    /// </summary>
    public async Task KeepAsync(Farm farm, string farmFile, CancellationToken cancel)
    {
        if (!farm.MakesBackups)
            return;
        using var orchestrator = new OrchestratorApi(farm, instance);
        await KeepAsync(orchestrator, farmFile, cancel);
    }

    /// <summary>Stores the configuration of a farm that makes backups, through the given Orchestrator.</summary>
    public async Task KeepAsync(OrchestratorApi orchestrator, string farmFile, CancellationToken cancel)
    {
        var (archive, failure) = (ConfigurationArchive.Pack(instance, farmFile), "");
        var kept = await Poll.HoldsAsync(
            async () =>
            {
                try
                {
                    var stored = await orchestrator.SendAsync(BackupRoutes.StoreConfiguration, archive, cancel);
                    progress.Report("configuration", $"sealed and stored: {stored.Id}");
                    return true;
                }
                catch (OperationFailedException e)
                {
                    failure = e.Message;
                    return false;
                }
            },
            s_limit,
            cancel
        );
        if (!kept)
            progress.Report(
                "configuration",
                $"PROBLEM: not stored with the backups: {failure} Store it later: ./farm backup configuration"
            );
    }
}
