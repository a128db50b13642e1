using System.CommandLine;
using System.CommandLine.Invocation;
using WpFarm.Cli.Commands;
using WpFarm.Display;

namespace WpFarm.Cli;

/// <summary>The <c>farm</c> command: the list of its commands, and the handling of their failures.</summary>
internal static class FarmCommand
{
    /// <summary>Time for a command to end after Ctrl-C. Stopping a farm drains its pools first.</summary>
    private static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromMinutes(3);

    /// <summary>All commands. Created once, because they share options.</summary>
    public static RootCommand Root { get; } =
        new("WpFarm: a whole WordPress farm from one model.")
        {
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            LogsCommand.Create(),
            AlertsCommand.Create(),
            SecurityCommand.Create(),
            OpenCommand.Create(),
            DoctorCommand.Create(),
            AuditCommand.Create(),
            ImagesCommand.Create(),
            SbomCommand.Create(),
            SitesCommand.Create(),
            CacheCommand.Create(),
            EngineCommand.Create(),
            PublishCommand.Create(),
            DiffCommand.Create(),
            DeployCommand.Create(),
            PlanCommand.Create(),
            ScaleCommand.Create(),
            DatabaseCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            RecoverCommand.Create(),
            DrillCommand.Create(),
            ChaosCommand.Create(),
            BenchCommand.Create(),
            SecretsCommand.Create(),
            CertificatesCommand.Create(),
            TrustCommand.Create(),
        };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root.Parse(args);
        var exitCode = await parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = s_cleanUpLimit, EnableDefaultExceptionHandler = false }
        );
        return parsed.Action is ParseErrorAction ? ExitCode.BadInput : exitCode;
    }

    /// <summary>Creates a command whose failures become one clear message and the right exit code.</summary>
    public static Command Create(
        string name,
        string description,
        Func<ParseResult, CancellationToken, Task<int>> run,
        params Option[] options
    )
    {
        var command = new Command(name, description);
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(async (parsed, cancel) => await CommandGuard.RunAsync(() => run(parsed, cancel), cancel));
        return command;
    }
}
