using System.CommandLine;
using Spectre.Console;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

internal static class UpCommand
{
    private static readonly Option<bool> s_detach = new("--detach", "-d")
    {
        Description = "Return when the farm is healthy. Without this option, the farm runs until Ctrl-C.",
    };
    private static readonly Option<bool> s_freePorts = new("--free-ports")
    {
        Description = "Use other ports where those of farm.json are in use, and keep them from then on.",
    };
    private static readonly Option<bool> s_dryRun = new("--dry-run")
    {
        Description = "Show what would change in the running farm, and change nothing.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "up",
            "Start the whole farm, or apply changes to it while visitors use it.",
            RunAsync,
            s_detach,
            s_freePorts,
            s_dryRun,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var detach = parsed.GetValue(s_detach);
        if (parsed.GetValue(s_dryRun))
            return await ShowPlanAsync(parsed, cancel);
        try
        {
            var farm = await FarmProgress.ShowAsync(p =>
                parsed.Runbook(p).UpAsync(parsed.FarmFile(), parsed.GetValue(s_freePorts), cancel)
            );
            await ShowFarmAsync(farm, parsed, cancel);
            if (detach)
                return ExitCode.Ok;
            Terminal.Error.MarkupLine("[grey]The farm runs. Ctrl-C stops it; its data stays.[/]");
            await Task.Delay(Timeout.Infinite, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && !detach)
        {
            Terminal.Error.MarkupLine("[grey]Stopping the farm.[/]");
            await FarmProgress.ShowAsync(async p =>
            {
                await parsed.Runbook(p).DownAsync(volumes: false, CancellationToken.None);
                return true;
            });
        }

        return ExitCode.Ok;
    }

    private static async Task<int> ShowPlanAsync(ParseResult parsed, CancellationToken cancel)
    {
        switch (await parsed.Runbook(new NoProgress()).PlanAsync(parsed.FarmFile(), cancel))
        {
            case null:
                Terminal.Out.WriteLine("The farm does not run: ./farm up would start all of it.");
                break;
            case { Count: 0 }:
                Terminal.Out.WriteLine("The farm is up to date: ./farm up would change nothing.");
                break;
            case var plan:
                FarmTables.Changes(plan);
                break;
        }

        return ExitCode.Ok;
    }

    private static async Task ShowFarmAsync(Farm farm, ParseResult parsed, CancellationToken cancel)
    {
        var (_, services) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        FarmTables.Services(farm, services);
        FarmTables.Sites(farm, parsed.Instance());
        FarmTables.LeftOut(farm);
        foreach (var note in await parsed.Runbook(new NoProgress()).NotesAsync(farm, cancel))
            Terminal.Out.MarkupLineInterpolated($"[yellow]note: {note}[/]");
        if (farm.Options.Observability is { Enabled: true, Alerts.Receivers.Count: 0 })
            Terminal.Out.MarkupLineInterpolated($"[grey]{AlertsCommand.NobodyIsTold}[/]");
    }
}
