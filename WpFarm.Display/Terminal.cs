using Spectre.Console;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>The consoles: results go to standard output, progress and errors to standard error.</summary>
public static class Terminal
{
    public static IAnsiConsole Out { get; } = Wide(AnsiConsole.Create(new AnsiConsoleSettings()));

    public static IAnsiConsole Error { get; } =
        Wide(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    public static bool IsInteractive => !Console.IsErrorRedirected && Error.Profile.Capabilities.Ansi;

    /// <summary>Asks for confirmation before an action that cannot be undone.</summary>
    /// <param name="what">What <c>--yes</c> confirms, as it follows "to" in a sentence.</param>
    /// <exception cref="InvalidInputException">No person can answer, because input is not a terminal.</exception>
    public static Task<bool> AskAsync(string command, string what, string question, CancellationToken cancel) =>
        Console.IsInputRedirected
            ? throw new InvalidInputException($"{command}: nobody is there to ask. Say --yes to {what}.")
            : Out.ConfirmAsync(question, defaultValue: false, cancel);

    public static string Colour(ServiceCondition state) =>
        state switch
        {
            ServiceCondition.Healthy or ServiceCondition.Completed => "green",
            ServiceCondition.LeftOut => "grey",
            ServiceCondition.Starting => "yellow",
            ServiceCondition.Absent => "grey",
            _ => "red",
        };

    public static string Word(ServiceCondition state) =>
        state switch
        {
            ServiceCondition.LeftOut => "left out",
            ServiceCondition.Absent => "not there",
            _ => state.ToString().ToLowerInvariant(),
        };

    /// <summary>
    /// A text that somebody else wrote, without the characters by which it could command the terminal. Lines and tabs stay.
    /// </summary>
    public static string Plain(string text) =>
        string.Concat(text.Select(sign => char.IsControl(sign) && sign is not ('\n' or '\t') ? "" : $"{sign}"));

    /// <summary>A file or pipe has no width, so tables in it are not folded.</summary>
    private static IAnsiConsole Wide(IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 240;
        return console;
    }
}
