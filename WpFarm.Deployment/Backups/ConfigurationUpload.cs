using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Machine;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Topology;

namespace WpFarm.Deployment.Backups;

/// <summary>Gives what it takes to bring the farm up elsewhere to the Orchestrator, who stores it.</summary>
public sealed class ConfigurationUpload(FarmInstance instance, IFarmProgress progress)
{
    /// <summary>An Orchestrator that has just started has to see that the one before it is gone: its lease ends after a minute.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>After each change of the farm. What runs is not worse for its failure, so that is said, and nothing else.</summary>
    public async Task KeepAsync(Farm farm, string farmFile, CancellationToken cancel)
    {
        if (!farm.MakesBackups)
            return;
        using var orchestrator = new OrchestratorApi(farm, instance);
        await KeepAsync(orchestrator, farmFile, cancel);
    }

    /// <summary>The same, of a farm that makes backups, wherever its Orchestrator is.</summary>
    public async Task KeepAsync(OrchestratorApi orchestrator, string farmFile, CancellationToken cancel)
    {
        var (archive, failure) = (ConfigurationArchive.Pack(instance, farmFile), "");
        var kept = await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    var stored = await orchestrator.SendAsync(BackupRoutes.StoreConfiguration, archive, cancel);
                    progress.Report("configuration", $"stored, sealed: {stored.Id}");
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
            progress.Report("configuration", $"PROBLEM: is not in the backups ({failure}). Once it can be: ./farm backup configuration");
    }
}
