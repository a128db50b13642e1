using System.CommandLine;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Spectre.Console;
using WpFarm.Deployment.Publishing;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class DiffCommand
{
    private const int LinesOfContext = 2;

    public static Command Create() =>
        FarmCommand.Create(
            "diff",
            "Show what ./farm publish would change. Exits with 1 when there are changes.",
            RunAsync,
            Publishing.Output,
            Publishing.FirstParty,
            SharedOptions.ProductionName,
            SharedOptions.File
        );

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var output = parsed.GetRequiredValue(Publishing.Output);
        var differences = new PublishedFolder(output).Compare(Publishing.Render(parsed));
        foreach (var difference in differences)
            Show(output, difference);
        Terminal.Error.MarkupLineInterpolated(
            differences.Count == 0
                ? (FormattableString)$"[green]{output} is up to date.[/]"
                : $"[grey]{differences.Count} files differ. To write them: ./farm publish[/]"
        );
        return Task.FromResult(differences.Count == 0 ? ExitCode.Ok : ExitCode.Failed);
    }

    private static void Show(string output, Difference difference)
    {
        var path = Path.Combine(output, difference.Path);
        Terminal.Out.MarkupLineInterpolated($"[bold]{difference.Kind.ToString().ToLowerInvariant()}: {path}[/]");
        if (difference.Kind is not DifferenceKind.Changed)
            return;
        var lines = InlineDiffBuilder.Diff(difference.Now, difference.Wanted).Lines;
        for (var i = 0; i < lines.Count; i++)
            if (
                lines
                    .Skip(i - LinesOfContext)
                    .Take(LinesOfContext + Math.Min(i, LinesOfContext) + 1)
                    .Any(line => line.Type is not ChangeType.Unchanged)
            )
                Terminal.Out.MarkupLineInterpolated(Line(lines[i]));
    }

    private static FormattableString Line(DiffPiece line) =>
        line.Type switch
        {
            ChangeType.Inserted => $"  [green]+ {line.Text}[/]",
            ChangeType.Deleted => $"  [red]- {line.Text}[/]",
            _ => $"    {line.Text}",
        };
}
