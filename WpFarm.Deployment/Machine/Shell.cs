using System.Text;
using CliWrap;
using CliWrap.Buffered;
using CliWrap.Exceptions;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Machine;

/// <summary>Runs other programs. When one fails, the error contains the last lines of its output.</summary>
public static class Shell
{
    /// <param name="program">A name on the PATH, or a path.</param>
    /// <param name="arguments">Passed unchanged, without a shell.</param>
    /// <param name="output">Called for each line of standard output and standard error.</param>
    /// <exception cref="OperationFailedException">The exit code is not 0.</exception>
    public static async Task RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        Action<string>? output = null,
        string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancel = default
    )
    {
        var last = new Queue<string>();
        void Line(string line)
        {
            lock (last)
            {
                last.Enqueue(line);
                if (last.Count > 20)
                    last.Dequeue();
            }

            output?.Invoke(line);
        }

        var result = await Command(program, arguments, folder, environment)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(Line))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(Line))
            .ExecuteAsync(cancel, CancellationToken.None);
        if (result.ExitCode != 0)
            throw new OperationFailedException(
                $"'{program} {string.Join(' ', arguments)}' ended with exit code {result.ExitCode}:"
                    + $"{Environment.NewLine}{string.Join(Environment.NewLine, last)}"
            );
    }

    /// <returns>Standard output; null when the exit code is not 0, or when the program is not installed.</returns>
    public static async Task<string?> TryReadAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancel = default)
    {
        try
        {
            var result = await Command(program, arguments, null, null).ExecuteBufferedAsync(Encoding.UTF8, cancel);
            return result.ExitCode == 0 ? result.StandardOutput : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // Not installed.
        }
        catch (CommandExecutionException)
        {
            return null;
        }
    }

    private static Command Command(
        string program,
        IReadOnlyList<string> arguments,
        string? folder,
        IReadOnlyDictionary<string, string?>? environment
    ) =>
        Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? Directory.GetCurrentDirectory())
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None);
}
