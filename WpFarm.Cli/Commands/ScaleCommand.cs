using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm scale</c>: shows how the autoscaler follows the load, and lets the operator set, pause and resume a tier.</summary>
internal static class ScaleCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Show what would change, and change nothing." };
    private static readonly Argument<string?> s_tier = new("tier")
    {
        Description = "A tier of farm.json. Without it, a table of all tiers.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<int?> s_replicas = new("n")
    {
        Description = "Number of containers to set. From there on, the autoscaler follows the load again.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<string> s_one = new("tier") { Description = "A tier of farm.json." };

    public static Command Create()
    {
        var scale = FarmCommand.Create(
            "scale",
            "Show each tier's load and the last decision about it, with its reason. With a tier and a number: set its containers.",
            RunAsync,
            s_dryRun,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        scale.Arguments.Add(s_tier);
        scale.Arguments.Add(s_replicas);
        scale.Subcommands.Add(OfOne("pause", "Pause autoscaling of a tier.", on: true));
        scale.Subcommands.Add(OfOne("resume", "Resume autoscaling of a tier.", on: false));
        scale.Subcommands.Add(
            FarmCommand.Create(
                "dry-run",
                "Show what the autoscaler would decide now, also for tiers that it does not scale. Changes nothing.",
                TryAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            )
        );
        scale.Subcommands.Add(
            FarmCommand.Create(
                "log",
                "Show the last changes and their reasons, the latest first.",
                LogAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            )
        );
        scale.Subcommands.Add(SimulateCommand.Create());
        return scale;
    }

    private static Command OfOne(string name, string description, bool on)
    {
        var command = FarmCommand.Create(
            name,
            description,
            (parsed, cancel) => PauseAsync(parsed, on, cancel),
            SharedOptions.Name,
            SharedOptions.File
        );
        command.Arguments.Add(s_one);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (tier, replicas) = (parsed.GetValue(s_tier), parsed.GetValue(s_replicas));
        if (tier is not null)
            return await SetAsync(
                parsed,
                tier,
                replicas
                    ?? throw new InvalidInputException($"scale {tier}: the number of containers is missing. Usage: ./farm scale {tier} N"),
                cancel
            );
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        return Show(parsed, await orchestrator.SendAsync(ScalingRoutes.Tiers, cancel), "Last decision…");
    }

    private static async Task<int> SetAsync(ParseResult parsed, string tier, int replicas, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (parsed.GetValue(s_dryRun))
        {
            var planned = await orchestrator.SendAsync(ScalingRoutes.SetReplicas, new(tier, replicas, DryRun: true), cancel);
            Terminal.Out.WriteLine($"{tier}: {planned.From} → {planned.To}. Nothing was changed.");
            return ExitCode.Ok;
        }

        var change = await FarmProgress.ShowAsync(progress => new TierChange(orchestrator, progress).MakeAsync(tier, replicas, cancel));
        Terminal.Out.WriteLine(
            change.From == change.To ? $"{tier}: has {change.To} containers already." : $"{tier}: {change.From} → {change.To}"
        );
        return ExitCode.Ok;
    }

    private static async Task<int> PauseAsync(ParseResult parsed, bool on, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SendAsync(ScalingRoutes.Pause, new(parsed.GetRequiredValue(s_one), on), cancel);
        return ExitCode.Ok;
    }

    private static async Task<int> TryAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        return Show(parsed, await orchestrator.SendAsync(ScalingRoutes.DryRun, cancel), "Would be decided now…");
    }

    private static async Task<int> LogAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var changes = await orchestrator.SendAsync(ScalingRoutes.Log, cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(changes, ApiJson.Indented));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("At", "Tier", "By", "Change and why…");
        foreach (var change in changes)
            table.AddRow(
                Time(change.At),
                Markup.Escape(change.Tier),
                ApiJson.Word(change.By),
                $"{Markup.Escape(change.Reason)}{(change.Failure is { } failure ? $" [red]{Markup.Escape(failure)}[/]" : "")}"
            );
        Terminal.Out.Write(table);
        return ExitCode.Ok;
    }

    private static int Show(ParseResult parsed, IReadOnlyList<TierScaling> tiers, string decision)
    {
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(tiers, ApiJson.Indented));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("Tier", "Scaling", "Healthy", "Limits", "CPU", "Memory", "Latency", "Queue", "Busy", "At", decision);
        foreach (var tier in tiers)
            table.AddRow(
                Markup.Escape(tier.Tier),
                Mode(tier.Mode),
                Healthy(tier),
                $"{tier.Min} to {tier.Max}",
                Text(tier, Signal.Cpu, "0", " %"),
                Text(tier, Signal.Memory, "0", " %"),
                Text(tier, Signal.Latency, "0", " ms"),
                Text(tier, Signal.Queue, "0.#", ""),
                Text(tier, IsTier(tier) ? Signal.Busy : Signal.Statements, "0", " %"),
                tier.At is { } at ? Time(at) : "",
                Decision(tier)
            );
        Terminal.Out.Write(table);
        return ExitCode.Ok;
    }

    private static string Decision(TierScaling tier) =>
        string.Join(
            ' ',
            new[] { Markup.Escape(tier.Reason ?? ""), tier.Trouble is { } trouble ? $"[red]{Markup.Escape(trouble)}[/]" : "" }.Where(part =>
                part.Length > 0
            )
        );

    private static string Mode(ScalingMode mode)
    {
        var word = ApiJson.Word(mode);
        return mode switch
        {
            ScalingMode.Off or ScalingMode.Advice => word,
            ScalingMode.On => $"[green]{word}[/]",
            ScalingMode.Blind => $"[red]{word}[/]",
            _ => $"[yellow]{word}[/]",
        };
    }

    private static string Healthy(TierScaling tier) =>
        tier.Replicas is not null ? $"{tier.Ready}/{tier.Replicas}"
        : tier.At is null ? ""
        : "?";

    /// <summary>
    /// A tier's unknown signal is shown as "?". Rows that are not tiers (read replicas, edge nodes) have one signal each.
    /// </summary>
    private static string Text(TierScaling tier, Signal signal, string format, string unit) =>
        tier.At is null ? ""
        : tier.Signals.TryGetValue(signal, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) + unit
        : IsTier(tier) ? "?"
        : "";

    /// <summary>True for a tier: only the names of other rows contain a space.</summary>
    private static bool IsTier(TierScaling tier) => !tier.Tier.Contains(' ', StringComparison.Ordinal);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + "Z";
}
