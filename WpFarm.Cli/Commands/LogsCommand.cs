using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class LogsCommand
{
    private static readonly Argument<string[]> s_services = new("service")
    {
        Description = "Names of services. Without any, all services.",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private static readonly Option<bool> s_follow = new("--follow", "-F") { Description = "Print new lines until Ctrl-C." };
    private static readonly Option<int> s_tail = new("--tail")
    {
        Description = "How many lines of each container to print.",
        DefaultValueFactory = _ => 100,
    };

    public static Command Create()
    {
        var command = FarmCommand.Create("logs", "Print the logs of services.", RunAsync, s_follow, s_tail, SharedOptions.Name);
        s_follow.Aliases.Add("-f");
        command.Arguments.Add(s_services);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var instance = parsed.Instance();
        if (!File.Exists(instance.ComposeFile))
            throw new InvalidInputException($"farm {instance.Name}: was never started on this machine. Start it: ./farm up");
        List<string> arguments =
        [
            "compose",
            "--file",
            instance.ComposeFile,
            "logs",
            "--tail",
            parsed.GetValue(s_tail).ToString(CultureInfo.InvariantCulture),
        ];
        if (parsed.GetValue(s_follow))
            arguments.Add("--follow");
        using var process = Process.Start(new ProcessStartInfo("docker", [.. arguments, .. parsed.GetRequiredValue(s_services)]))!;
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? ExitCode.Ok : ExitCode.BadInput;
    }
}
