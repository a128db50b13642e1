using System.CommandLine;
using System.Globalization;
using System.Text;
using WpFarm.Cli;
using WpFarm.Display;

namespace WpFarm.Tests.Documentation;

/// <summary>docs/reference/commands.md: every command with its arguments and options.</summary>
internal static class CommandReference
{
    private static readonly string s_introduction = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Commands

        Generated from the command tree; `./farm COMMAND --help` prints the same. `./farm` builds itself when a source is newer than what
        was built, then runs. `./farm test` runs the tests: [testing](../testing.md).

        ## Exit codes

        | code | meaning |
        |---|---|
        | {ExitCode.Ok} | done; of a command that looks: all is as it should be |
        | {ExitCode.Failed} | something was tried and did not work; of a command that looks: something is not as it should be |
        | {ExitCode.BadInput} | the operator must change something first; nothing was touched |
        | {ExitCode.Interrupted} | ended by Ctrl-C |

        """
    );

    public static string Write()
    {
        var text = new StringBuilder(s_introduction);
        foreach (var command in FarmCommand.Root.Subcommands)
            Append(text, command, "./farm");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Command command, string parent)
    {
        var name = $"{parent} {command.Name}";
        // A command that only groups others cannot be run by itself.
        if (command.Action is not null)
        {
            var usage = name + string.Concat(command.Arguments.Select(Usage));
            text.Append(CultureInfo.InvariantCulture, $"\n## `{usage}`\n\n{command.Description}\n");
            text.Append("\n| argument, option | default | meaning |\n|---|---|---|\n");
            foreach (var argument in command.Arguments)
                Append(text, $"`{argument.Name.ToUpperInvariant()}`", "", argument.Description);
            foreach (var option in command.Options)
                Append(text, Names(option) + Value(option), Default(option), option.Description);
        }

        foreach (var below in command.Subcommands)
            Append(text, below, name);
    }

    private static void Append(StringBuilder text, string name, string value, string? meaning) =>
        text.Append(CultureInfo.InvariantCulture, $"| {Cell(name)} | {Cell(value)} | {Cell(meaning ?? "")} |\n");

    private static string Usage(Argument argument)
    {
        var name = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }

    private static string Names(Option option) => string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}`"));

    private static string Value(Option option) => option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? "N"}";

    private static string Default(Option option) =>
        option.Required ? "needed"
        : option.HasDefaultValue && option.ValueType != typeof(bool) ? $"`{option.GetDefaultValue()}`"
        : "";

    private static string Cell(string text) => text.Replace("|", @"\|", StringComparison.Ordinal);
}
