using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm restore --into NAME</c>: clones the whole farm as of an earlier moment, while the original keeps running.</summary>
internal static class FarmClone
{
    /// <param name="agreed">Asks the operator for consent, after the plan was shown.</param>
    public static async Task<int> RunAsync(ParseResult parsed, RestoreOrder order, Func<Task<bool>> agreed, CancellationToken cancel)
    {
        var (root, original) = (RepositoryRoot.Find(), parsed.Instance());
        var copy = new FarmInstance(root, order.Into!);
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(parsed.FarmFile()))!, $"{copy.Name}.json");
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        Task<FarmRecovery> RecoveryAsync(IFarmProgress progress) => FarmRecovery.OfCloneAsync(root, farm, original, copy, progress, cancel);

        var found = await (await RecoveryAsync(new NoProgress())).FindAsync(order.Target(), cancel);
        RecoveryTerms.Show(
            found,
            $"Farm {original.Name} will be cloned as farm {copy.Name}, with its own ports and backups. "
                + $"Farm {original.Name} is not changed:",
            "lacks"
        );
        Terminal.Out.WriteLine($"  file    {file}");
        if (!await agreed())
            return ExitCode.Ok;
        await FarmProgress.ShowAsync(async progress =>
        {
            await (await RecoveryAsync(progress)).RunAsync(found, file, freePorts: true, cancel);
            return true;
        });
        Terminal.Out.WriteLine($"The clone runs: ./farm status --name {copy.Name} --file {file}");
        Terminal.Out.WriteLine($"To delete the clone: ./farm down --volumes --name {copy.Name}");
        return ExitCode.Ok;
    }
}
