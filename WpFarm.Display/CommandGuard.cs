using Spectre.Console;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Display;

/// <summary>Turns the failures of every command into one clear message and the right exit code.</summary>
public static class CommandGuard
{
    /// <summary>Runs a command. Catches the failures that an operator can do something about.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> run, CancellationToken cancel)
    {
        try
        {
            return await run();
        }
        catch (InvalidInputException e)
        {
            foreach (var problem in e.Problems)
                Terminal.Error.MarkupLineInterpolated($"[red]error[/] {problem}");
            return ExitCode.BadInput;
        }
        catch (OperationFailedException e)
        {
            Terminal.Error.MarkupLineInterpolated($"[red]failed[/] {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
