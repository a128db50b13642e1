using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Backups;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm restore --into NAME</c>: the whole farm as it was, as another farm beside it, while it goes on.</summary>
internal static class CopyFarm
{
    /// <param name="agreed">Whether it is to be done, once it was said what that is.</param>
    public static async Task<int> RunAsync(ParseResult parsed, RestoreOrder order, Func<Task<bool>> agreed, CancellationToken cancel)
    {
        var (root, original) = (RepositoryRoot.Find(), parsed.Instance());
        var copy = new FarmInstance(root, order.Into!);
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(parsed.FarmFile()))!, $"{copy.Name}.json");
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        Task<FarmRecovery> RecoveryAsync(IFarmProgress progress) => FarmRecovery.CopyAsync(root, farm, original, copy, progress, cancel);

        var found = await (await RecoveryAsync(new NoProgress())).FindAsync(order.Target(), cancel);
        RecoveryTerms.Show(
            found,
            $"A copy of farm {original.Name} comes up beside it as farm {copy.Name}, at ports and with backups of its own; farm {original.Name} goes on as it is:",
            "without"
        );
        Terminal.Out.WriteLine($"  file    {file}");
        if (!await agreed())
            return ExitCode.Ok;
        await FarmProgress.ShowAsync(async progress =>
        {
            await (await RecoveryAsync(progress)).RunAsync(found, file, freePorts: true, cancel);
            return true;
        });
        Terminal.Out.WriteLine($"The copy runs: ./farm status --name {copy.Name} --file {file}");
        Terminal.Out.WriteLine($"Once it is of no use: ./farm down --volumes --name {copy.Name}");
        return ExitCode.Ok;
    }
}
