using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace WpFarm.AppHost;

/// <summary>Runs the farm command in the terminal of this program.</summary>
internal static class FarmProcess
{
    /// <returns>The exit code of the command.</returns>
    public static async Task<int> RunAsync(string command, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false })!;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            // On Ctrl-C, a terminal signals every process that it runs in the foreground.
            if (Console.IsInputRedirected)
                Signal(process, "-INT");
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            Signal(process, "-TERM");
        });
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static void Signal(Process process, string signal)
    {
        if (!process.HasExited)
            Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
    }
}
