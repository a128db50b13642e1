using System.CommandLine;
using WpFarm.Deployment.Machine;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class EngineCommand
{
    public static Command Create() =>
        new("engine", "The Docker engine that ./farm started where nothing else does.")
        {
            FarmCommand.Create(
                "stop",
                "Stop the engine if ./farm up started it. One that the machine itself started is left alone.",
                StopAsync
            ),
        };

    private static async Task<int> StopAsync(ParseResult parsed, CancellationToken cancel)
    {
        Console.WriteLine(await Engine.StopIfOursAsync(cancel) ? "stopped" : "not ours: left alone");
        return ExitCode.Ok;
    }
}
