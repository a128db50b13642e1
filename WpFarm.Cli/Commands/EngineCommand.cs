using System.CommandLine;
using WpFarm.Deployment.Machine;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class EngineCommand
{
    public static Command Create() =>
        new("engine", "The Docker engine that ./farm starts on a machine without an init system.")
        {
            FarmCommand.Create(
                "stop",
                "Stop the engine if ./farm up started it. An engine that the machine's init system started is left alone.",
                StopAsync
            ),
        };

    private static async Task<int> StopAsync(ParseResult parsed, CancellationToken cancel)
    {
        Console.WriteLine(await Engine.StopIfOursAsync(cancel) ? "stopped" : "not started by ./farm: left alone");
        return ExitCode.Ok;
    }
}
