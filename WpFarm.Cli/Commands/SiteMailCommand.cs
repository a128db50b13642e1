using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm site mail</c>: the mail of a site that is kept in the farm.</summary>
internal static class SiteMailCommand
{
    private static readonly Argument<string> s_site = new("site") { Description = "The site's id in farm.json." };
    private static readonly Argument<uint?> s_id = new("mail")
    {
        Description = "The number of a mail, as the list shows it: print this mail. Without it, the mails are listed.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<bool> s_returned = new("--returned")
    {
        Description = "Mail that could not be delivered, and came back.",
    };
    private static readonly Option<bool> s_source = new("--source") { Description = "Print the whole mail as it was sent, with headers." };
    private static readonly Option<bool> s_delete = new("--delete") { Description = "Delete the mails." };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print JSON." };

    public static Command Create()
    {
        var command = FarmCommand.Create(
            "mail",
            "Show the mail of a site that is kept in the farm: all of it without a relay, and what came back.",
            RunAsync,
            s_returned,
            s_source,
            s_delete,
            SharedOptions.Yes,
            s_json,
            SharedOptions.Name,
            SharedOptions.File
        );
        command.Arguments.Add(s_site);
        command.Arguments.Add(s_id);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var site = parsed.GetRequiredValue(s_site);
        var (id, returned) = (parsed.GetValue(s_id), parsed.GetValue(s_returned));
        parsed.CheckSite(FarmRunbook.ReadFarmFile(parsed.FarmFile()), site);
        List<string> problems =
        [
            .. parsed.GetValue(s_source) && id is null ? ["--source: needs the number of a mail."] : Array.Empty<string>(),
            .. parsed.GetValue(s_delete) && id is not null ? ["--delete: deletes all. Leave the number out."] : Array.Empty<string>(),
        ];
        if (problems.Count > 0)
            throw new InvalidInputException(problems);
        if (parsed.GetValue(s_delete) && !await AgreedAsync(parsed, site, cancel))
            return ExitCode.Ok;
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        if (parsed.GetValue(s_delete))
        {
            var deleted = await orchestrator.SendAsync(MailRoutes.Delete, new(site, returned), cancel);
            Terminal.Out.WriteLine($"{site}: {deleted.Deleted} mails deleted");
        }
        else if (id is { } one)
            Show(parsed, await orchestrator.SendAsync(MailRoutes.Read, new(site, one, returned), cancel));
        else
            Show(parsed, await orchestrator.SendAsync(MailRoutes.List, new(site, returned), cancel));

        return ExitCode.Ok;
    }

    private static async Task<bool> AgreedAsync(ParseResult parsed, string site, CancellationToken cancel) =>
        parsed.GetValue(SharedOptions.Yes)
        || await Terminal.AskAsync("--delete", "delete the mails", $"Delete the mails of {site}? They cannot be brought back.", cancel);

    private static void Show(ParseResult parsed, IReadOnlyList<SiteMail> mails)
    {
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(mails, ApiJson.Indented));
        else if (mails.Count == 0)
            Terminal.Out.WriteLine(
                parsed.GetValue(s_returned)
                    ? "No mail came back."
                    : "No mail of this site is kept in the farm. It may have gone to the relay."
            );
        else
        {
            var table = FarmTables.Table("Mail", "When", "From…", "To…", "Subject…");
            foreach (var mail in mails)
                table.AddRow(
                    $"{mail.Id}",
                    FarmTables.Time(mail.At),
                    Markup.Escape(Terminal.Plain(mail.From)),
                    Markup.Escape(Terminal.Plain(mail.To)),
                    Markup.Escape(Terminal.Plain(mail.Subject))
                );
            Terminal.Out.Write(table);
        }
    }

    private static void Show(ParseResult parsed, SiteMailMessage message)
    {
        if (parsed.GetValue(s_json))
            Console.WriteLine(JsonSerializer.Serialize(message, ApiJson.Indented));
        else if (parsed.GetValue(s_source))
            Console.WriteLine(Terminal.Plain(message.Source));
        else
        {
            List<string> lines =
            [
                $"From:    {message.Mail.From}",
                $"To:      {message.Mail.To}",
                $"When:    {FarmTables.Time(message.Mail.At)}",
                $"Subject: {message.Mail.Subject}",
                .. message.Attachments.Count > 0 ? [$"Files:   {string.Join(", ", message.Attachments)}"] : Array.Empty<string>(),
                "",
                message.Text,
            ];
            foreach (var line in lines)
                Console.WriteLine(Terminal.Plain(line));
        }
    }
}
