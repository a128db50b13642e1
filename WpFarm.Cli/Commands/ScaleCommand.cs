using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm scale</c>: how the number of a tier's containers follows the load, and what people may say about it.</summary>
internal static class ScaleCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "For programs." };
    private static readonly Option<bool> s_dryRun = new("--dry-run") { Description = "Say what would change, and change nothing." };
    private static readonly Argument<string?> s_tier = new("tier")
    {
        Description = "A tier of farm.json. Without it, a table of all.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<int?> s_replicas = new("n")
    {
        Description = "How many containers it shall have, from where the load is followed again.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<string> s_one = new("tier") { Description = "A tier of farm.json." };
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var scale = FarmCommand.Create(
            "scale",
            "Tiers, their load, and the last decision about each and why. With a tier and a number: set it.",
            RunAsync,
            s_dryRun,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        scale.Arguments.Add(s_tier);
        scale.Arguments.Add(s_replicas);
        scale.Subcommands.Add(OfOne("pause", "The tier stays as it is, whatever its load.", on: true));
        scale.Subcommands.Add(OfOne("resume", "The tier follows its load again.", on: false));
        scale.Subcommands.Add(
            FarmCommand.Create(
                "dry-run",
                "What would be decided now, also of tiers that are not scaled. Nothing changes.",
                TryAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            )
        );
        scale.Subcommands.Add(
            FarmCommand.Create(
                "log",
                "The last changes, the latest first, and why.",
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
                replicas ?? throw new InvalidInputException($"scale {tier}: say how many containers: ./farm scale {tier} N"),
                cancel
            );
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        return Show(parsed, await orchestrator.ScalingAsync(cancel), "Last decision…");
    }

    private static async Task<int> SetAsync(ParseResult parsed, string tier, int replicas, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (parsed.GetValue(s_dryRun))
        {
            var planned = await orchestrator.ScaleAsync(tier, replicas, dryRun: true, cancel);
            Terminal.Out.WriteLine($"{tier}: {planned.From} → {planned.To}. Nothing was changed.");
            return ExitCode.Ok;
        }

        var change = await FarmProgress.ShowAsync(progress => new TierChange(orchestrator, progress).MakeAsync(tier, replicas, cancel));
        Terminal.Out.WriteLine(change.From == change.To ? $"{tier}: has {change.To} already." : $"{tier}: {change.From} → {change.To}");
        return ExitCode.Ok;
    }

    private static async Task<int> PauseAsync(ParseResult parsed, bool on, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.PauseScalingAsync(parsed.GetRequiredValue(s_one), on, cancel);
        return ExitCode.Ok;
    }

    private static async Task<int> TryAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        return Show(parsed, await orchestrator.TryScalingAsync(cancel), "Would be decided now…");
    }

    private static async Task<int> LogAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var changes = await orchestrator.ScalingLogAsync(cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(changes, s_format));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("At", "Tier", "By", "Change and why…");
        foreach (var change in changes)
            table.AddRow(
                Time(change.At),
                Markup.Escape(change.Tier),
                change.By,
                $"{Markup.Escape(change.Reason)}{(change.Failure is { } failure ? $" [red]{Markup.Escape(failure)}[/]" : "")}"
            );
        Terminal.Out.Write(table);
        return ExitCode.Ok;
    }

    private static int Show(ParseResult parsed, IReadOnlyList<TierScaling> tiers, string decision)
    {
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(tiers, s_format));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("Tier", "Scaling", "Healthy", "Limits", "CPU", "Memory", "Latency", "Queue", "Busy", "At", decision);
        foreach (var tier in tiers)
            table.AddRow(
                Markup.Escape(tier.Tier),
                Mode(tier.Mode),
                Healthy(tier),
                $"{tier.Min} to {tier.Max}",
                Signal(tier, "cpu", "0", " %"),
                Signal(tier, "memory", "0", " %"),
                Signal(tier, "latency", "0", " ms"),
                Signal(tier, "queue", "0.#", ""),
                Signal(tier, IsTier(tier) ? "busy" : "statements", "0", " %"),
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

    private static string Mode(string mode) =>
        mode switch
        {
            "on" => "[green]on[/]",
            "off" => "off",
            "blind" => "[red]blind[/]",
            _ => $"[yellow]{Markup.Escape(mode)}[/]",
        };

    private static string Healthy(TierScaling tier) =>
        tier.Replicas is not null ? $"{tier.Ready}/{tier.Replicas}"
        : tier.At is null ? ""
        : "?";

    /// <summary>One that is not known is said to be so. Other parts of the farm than tiers have one signal each.</summary>
    private static string Signal(TierScaling tier, string signal, string format, string unit) =>
        tier.At is null ? ""
        : tier.Signals.TryGetValue(signal, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) + unit
        : IsTier(tier) ? "?"
        : "";

    /// <summary>The names of other parts have a space, which no tier's has.</summary>
    private static bool IsTier(TierScaling tier) => !tier.Tier.Contains(' ', StringComparison.Ordinal);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + "Z";
}
