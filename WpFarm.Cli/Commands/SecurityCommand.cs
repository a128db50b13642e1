using System.CommandLine;
using System.Net;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment;
using WpFarm.Deployment.Compose;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm security</c>: the addresses that the edges refuse.</summary>
internal static class SecurityCommand
{
    private static readonly Argument<string> s_address = new("address")
    {
        Description = "An address, or a range such as 192.0.2.0/24. An IPv6 address stands for its /64, which one customer has.",
    };
    private static readonly Option<string> s_for = new("--for")
    {
        Description = "How long: 30m, 4h or 3d.",
        DefaultValueFactory = _ => "4h",
        HelpName = "TIME",
    };
    private static readonly Option<string> s_reason = new("--reason")
    {
        Description = "Why, for the others who look at it.",
        Required = true,
    };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };

    private static readonly Argument<string?> s_number = new("number")
    {
        Description = "The number on the page that refused the request: show this one only.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<int> s_last = new("--last")
    {
        Description = "How many requests to show.",
        DefaultValueFactory = _ => 20,
    };

    public static Command Create()
    {
        var ban = FarmCommand.Create(
            "ban",
            "Refuse an address. The edges know within two seconds.",
            BanAsync,
            s_for,
            s_reason,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        ban.Arguments.Add(s_address);
        var unban = FarmCommand.Create("unban", "Let an address in again.", UnbanAsync, SharedOptions.Name, SharedOptions.File);
        unban.Arguments.Add(s_address);
        var why = FarmCommand.Create(
            "why",
            "Show what an address did, and what was decided about it.",
            WhyAsync,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        why.Arguments.Add(s_address);
        var refusals = FarmCommand.Create(
            "refusals",
            "Show the requests in which the firewall in front of PHP found something, the newest last.",
            RefusalsAsync,
            s_last,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        refusals.Arguments.Add(s_number);
        return new Command("security", "The addresses that the edges refuse.")
        {
            FarmCommand.Create("bans", "List the addresses that are refused.", BansAsync, s_json, SharedOptions.Name, SharedOptions.File),
            ban,
            unban,
            why,
            refusals,
        };
    }

    private static async Task<int> BansAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var bans = await orchestrator.SendAsync(SecurityRoutes.Bans, cancel);
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(bans, ApiJson.Indented));
        else
            Show(bans, "No address is refused.");
        return ExitCode.Ok;
    }

    private static async Task<int> BanAsync(ParseResult parsed, CancellationToken cancel)
    {
        var address = parsed.GetRequiredValue(s_address);
        var minutes = LengthOfTime.Minutes("--for", parsed.GetRequiredValue(s_for));
        if (OwnAddress() is { } own && Contains(address, own))
            throw new InvalidInputException($"{address}: contains {own}, from which you are logged in. You would lock yourself out.");
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var ban = await orchestrator.SendAsync(
            SecurityRoutes.Ban,
            new(address, minutes, parsed.GetRequiredValue(s_reason), Environment.UserName),
            cancel
        );
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(ban, ApiJson.Indented));
        else
            Terminal.Out.WriteLine(
                $"{ban.Range}: refused until {FarmTables.Time(ban.Until)}. Let it in again: ./farm security unban {address}"
            );
        return ExitCode.Ok;
    }

    private static async Task<int> UnbanAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var unbanned = await orchestrator.SendAsync(SecurityRoutes.Unban, new(parsed.GetRequiredValue(s_address)), cancel);
        Terminal.Out.WriteLine($"{string.Join(", ", unbanned.Deleted)}: no longer refused");
        return ExitCode.Ok;
    }

    private static async Task<int> WhyAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var report = await orchestrator.SendAsync(SecurityRoutes.Why, new(parsed.GetRequiredValue(s_address)), cancel);
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(report, ApiJson.Indented));
            return ExitCode.Ok;
        }

        if (report.NeverBlocked is { } never)
            Terminal.Out.WriteLine($"{never}. It is never refused.");
        Show(report.Bans, $"{report.Range} is not refused.");
        if (report.Incidents.Count == 0)
        {
            Terminal.Out.WriteLine($"{report.Range}: nothing is known of the last seven days.");
            return ExitCode.Ok;
        }

        var table = FarmTables.Table("When", "Decided by", "Reason…", "Requests", "Examples…");
        foreach (var incident in report.Incidents)
            table.AddRow(
                FarmTables.Time(incident.At),
                Markup.Escape(incident.By),
                Markup.Escape(incident.Reason),
                incident.Requests == 0 ? "" : $"{incident.Requests}",
                Markup.Escape(string.Join('\n', incident.Examples))
            );
        Terminal.Out.Write(table);
        return ExitCode.Ok;
    }

    private static async Task<int> RefusalsAsync(ParseResult parsed, CancellationToken cancel)
    {
        var farm = Farm.Build(FarmRunbook.ReadFarmFile(parsed.FarmFile()));
        var findings = await FirewallLog.ReadAsync(parsed.Instance(), farm, cancel);
        var number = parsed.GetValue(s_number);
        if (number is not null)
            findings = findings.Any(finding => finding.Number == number)
                ? [.. findings.Where(finding => finding.Number == number)]
                : throw new InvalidInputException(
                    $"{number}: the pools' logs have no such request. They go back as far as the pools' containers."
                );
        var shown = findings.TakeLast(parsed.GetValue(s_last)).ToList();
        if (parsed.GetValue(s_json))
        {
            Console.WriteLine(JsonSerializer.Serialize(shown, ApiJson.Indented));
            return ExitCode.Ok;
        }

        if (shown.Count == 0)
            Terminal.Out.WriteLine("The firewall has found nothing, as far back as the pools' logs go.");
        foreach (var finding in shown)
        {
            var request = $"{finding.Status} {finding.Client} {finding.Method} {finding.Path}";
            Console.WriteLine(Terminal.Plain($"{FarmTables.Time(finding.At)} {finding.Number}: {request}"));
            foreach (var rule in finding.Rules)
                Console.WriteLine(Terminal.Plain($"  {rule.RuleId} {rule.Message}: {rule.Found}"));
        }

        return ExitCode.Ok;
    }

    private static void Show(IReadOnlyList<Ban> bans, string none)
    {
        if (bans.Count == 0)
        {
            Terminal.Out.WriteLine(none);
            return;
        }

        var table = FarmTables.Table("Refused", "Until", "Since", "Decided by", "Reason…");
        foreach (var ban in bans)
            table.AddRow(
                ban.Range,
                FarmTables.Time(ban.Until),
                FarmTables.Time(ban.From),
                Markup.Escape(ban.By),
                Markup.Escape(ban.Reason)
            );
        Terminal.Out.Write(table);
    }

    /// <summary>Where the person is who is logged in by SSH, sshd(8). Null: at the machine itself.</summary>
    private static IPAddress? OwnAddress() =>
        Environment.GetEnvironmentVariable("SSH_CONNECTION")?.Split(' ') is [var client, ..] && IPAddress.TryParse(client, out var address)
            ? address
            : null;

    private static bool Contains(string text, IPAddress address) =>
        IPNetwork.TryParse(text, out var network)
            ? network.Contains(address)
            : IPAddress.TryParse(text, out var one) && one.Equals(address);
}
