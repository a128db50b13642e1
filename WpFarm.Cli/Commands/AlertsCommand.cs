using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Alerts;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm alerts</c>: shows what fires, tests the receivers, and silences alerts.</summary>
internal static class AlertsCommand
{
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };
    private static readonly Option<bool> s_all = new("--all") { Description = "Show silenced and inhibited alerts too." };
    private static readonly Option<string> s_for = new("--for")
    {
        Description = "How long: 30m, 2h or 3d.",
        DefaultValueFactory = _ => "2h",
        HelpName = "TIME",
    };
    private static readonly Option<string> s_reason = new("--reason")
    {
        Description = "Why, for the others who look at it.",
        Required = true,
    };
    private static readonly Argument<string?> s_receiver = new("receiver")
    {
        Description = "A receiver of farm.json. Without it, all of them.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<string[]> s_matchers = new("alert")
    {
        Description =
            "The name of an alert, or matchers that an alert must all meet: service=redis-1, severity!=critical, tier=~\"gold|silver\".",
        Arity = ArgumentArity.OneOrMore,
    };
    private static readonly Argument<string> s_id = new("id") { Description = "As ./farm alerts silences shows it." };

    public static Command Create()
    {
        var test = FarmCommand.Create(
            "test",
            "Send a test notification to the receivers, and show whether the server of each accepted it. Exits with 1 when one did not.",
            TestAsync,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        test.Arguments.Add(s_receiver);
        var silence = FarmCommand.Create(
            "silence",
            "Tell nobody of an alert for a while.",
            SilenceAsync,
            s_for,
            s_reason,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        silence.Arguments.Add(s_matchers);
        var unsilence = FarmCommand.Create("unsilence", "End a silence.", UnsilenceAsync, SharedOptions.Name, SharedOptions.File);
        unsilence.Arguments.Add(s_id);
        return new Command("alerts", "What fires, who is told of it, and silences.")
        {
            FarmCommand.Create(
                "list",
                "Show the alerts that fire. Exits with 1 when one is critical, or when a receiver is not told.",
                ListAsync,
                s_all,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            test,
            silence,
            FarmCommand.Create(
                "silences",
                "Show the silences that are in force.",
                SilencesAsync,
                s_json,
                SharedOptions.Name,
                SharedOptions.File
            ),
            unsilence,
        };
    }

    /// <summary>The farm's alerts in a line for each thing that a person should know; for <c>status</c> and <c>up</c>.</summary>
    public static IEnumerable<string> Summary(AlertStatus status)
    {
        var firing = status.Alerts.Where(alert => alert.State is AlertState.Firing).ToList();
        var counts = firing.GroupBy(alert => alert.Severity).Select(group => $"{group.Count()} {ApiJson.Word(group.Key)}");
        yield return firing.Count == 0 ? "alerts: none fires" : Markup.Escape($"alerts: {string.Join(", ", counts)}: ./farm alerts list");
        if (status.Receivers.Count == 0)
            yield return $"[yellow]{NobodyIsTold}[/]";
        foreach (var problem in status.Problems)
            yield return $"[red]{Markup.Escape($"alerts: {problem}")}[/]";
    }

    /// <summary>For a farm without receivers.</summary>
    public const string NobodyIsTold =
        "alerts: nobody is told, they are only shown. Add a receiver to farm.json, observability.alerts.receivers: docs/alerts.md";

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var status = await orchestrator.SendAsync(AlertRoutes.Status, cancel);
        var shown = status.Alerts.Where(alert => parsed.GetValue(s_all) || alert.State is AlertState.Firing).ToList();
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(status with { Alerts = shown }, ApiJson.Indented));
        }
        else
        {
            var table = FarmTables.Table("Alert", "Level", "State", "Since", "Told", "What…", "Runbook…");
            foreach (var alert in shown)
                table.AddRow(
                    Markup.Escape(alert.Name),
                    Severity(alert.Severity),
                    ApiJson.Word(alert.State),
                    FarmTables.Time(alert.Since),
                    Markup.Escape(string.Join(", ", alert.Receivers)),
                    Markup.Escape(alert.Summary),
                    Markup.Escape(alert.Runbook ?? "")
                );
            if (shown.Count > 0)
                Terminal.Out.Write(table);
            foreach (var line in Summary(status))
                Terminal.Out.MarkupLine(line);
        }

        return status.Problems.Count > 0 || shown.Any(alert => alert is { State: AlertState.Firing, Severity: AlertSeverity.Critical })
            ? ExitCode.Failed
            : ExitCode.Ok;
    }

    private static async Task<int> TestAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var since = TimeProvider.System.GetUtcNow();
        var receivers = parsed.GetValue(s_receiver) is { } one
            ? [one]
            : (await orchestrator.SendAsync(AlertRoutes.Status, cancel)).Receivers;
        if (receivers.Count == 0)
            throw new InvalidInputException(
                $"{parsed.FarmFile()}: observability.alerts.receivers: is empty, so there is nobody to tell. How to add one: docs/alerts.md"
            );
        var tests = await Task.WhenAll(receivers.Select(receiver => orchestrator.SendAsync(AlertRoutes.Test, new(receiver), cancel)));
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(tests, ApiJson.Indented));
        else
            foreach (var test in tests)
                Terminal.Out.MarkupLine(
                    test.IsDelivered
                        ? $"[green]{test.Receiver}: delivered[/]"
                        : $"[red]{test.Receiver}: not delivered, {test.Attempts} attempts: "
                            + $"{Markup.Escape(await new DeliveryLog(parsed.Instance()).ReasonAsync(test.Receiver, since, cancel))}[/]"
                );
        return tests.All(test => test.IsDelivered) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> SilenceAsync(ParseResult parsed, CancellationToken cancel)
    {
        var minutes = LengthOfTime.Minutes("--for", parsed.GetRequiredValue(s_for));
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var silence = await orchestrator.SendAsync(
            AlertRoutes.Silence,
            new(string.Join('\n', parsed.GetRequiredValue(s_matchers)), minutes, parsed.GetRequiredValue(s_reason), Environment.UserName),
            cancel
        );
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(silence, ApiJson.Indented));
        else
            Terminal.Out.WriteLine(
                $"{string.Join(", ", silence.Matchers)}: silent until {FarmTables.Time(silence.Until)}. "
                    + $"End it: ./farm alerts unsilence {silence.Id}"
            );
        return ExitCode.Ok;
    }

    private static async Task<int> SilencesAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var silences = await orchestrator.SendAsync(AlertRoutes.Silences, cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(silences, ApiJson.Indented));
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("Id", "Until", "By", "Alerts…", "Reason…");
        foreach (var silence in silences)
            table.AddRow(
                Markup.Escape(silence.Id),
                FarmTables.Time(silence.Until),
                Markup.Escape(silence.By),
                Markup.Escape(string.Join(", ", silence.Matchers)),
                Markup.Escape(silence.Reason)
            );
        if (silences.Count > 0)
            Terminal.Out.Write(table);
        else
            Terminal.Out.WriteLine("No silence is in force.");
        return ExitCode.Ok;
    }

    private static async Task<int> UnsilenceAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        await orchestrator.SendAsync(AlertRoutes.Unsilence, new(parsed.GetRequiredValue(s_id)), cancel);
        return ExitCode.Ok;
    }

    private static string Severity(AlertSeverity severity)
    {
        var word = ApiJson.Word(severity);
        return severity switch
        {
            AlertSeverity.Critical => $"[red]{word}[/]",
            AlertSeverity.Warning => $"[yellow]{word}[/]",
            _ => word,
        };
    }
}
