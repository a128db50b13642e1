using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Machine;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class DownCommand
{
    private static readonly Option<bool> s_volumes = new("--volumes")
    {
        Description = "Delete the farm's data too: databases, uploads, and the backups on this machine. Asks first.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "down",
            "Stop the farm and remove its containers and networks. Keeps the data, unless --volumes is given.",
            RunAsync,
            s_volumes,
            SharedOptions.Yes,
            SharedOptions.Name
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var volumes = parsed.GetValue(s_volumes);
        if (volumes && !parsed.GetValue(SharedOptions.Yes) && !await ConfirmAsync(parsed, cancel))
            return ExitCode.Ok;
        await FarmProgress.ShowAsync(async p =>
        {
            await parsed.Runbook(p).DownAsync(volumes, cancel);
            return true;
        });
        return ExitCode.Ok;
    }

    private static async Task<bool> ConfirmAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var engine = Engine.Connect();
        var found = await new ComposeHost(engine, parsed.Instance(), new NoProgress()).VolumesAsync(cancel);
        if (found.Count == 0)
            return true;
        Terminal.Out.WriteLine("This permanently deletes:");
        foreach (var volume in found)
            Terminal.Out.WriteLine($"  {volume.Name}");
        return await Terminal.AskAsync("down --volumes", "delete the volumes above", "Delete them?", cancel);
    }
}
