using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Machine;

/// <summary>Installs missing programs from Debian's archive, where that is possible: as root on a machine with apt.</summary>
internal static class DebianPackages
{
    private static bool s_listsAreFresh;

    public static bool MayInstall => Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() && File.Exists("/usr/bin/apt-get");

    /// <param name="program">The program to look for on the PATH. If it is there, nothing is installed.</param>
    /// <param name="packages">Package names, separated by spaces.</param>
    /// <exception cref="InvalidInputException">
    /// The program is missing and cannot be installed from here; names the command that installs it.
    /// </exception>
    public static async Task EnsureAsync(string program, string packages, IFarmProgress progress, CancellationToken cancel)
    {
        if (IsOnPath(program))
            return;
        if (!MayInstall)
            throw new InvalidInputException(
                $"{program}: is not installed, and ./farm can install it only as root on a Debian machine. "
                    + $"Install it (sudo apt-get install {packages}), then run ./farm up again."
            );
        progress.Report(program, $"installing {packages}");
        if (!s_listsAreFresh)
            await AptGetAsync(["update"], cancel);
        s_listsAreFresh = true;
        await AptGetAsync(["install", "--yes", "--no-install-recommends", .. packages.Split(' ')], cancel);
        progress.Report(program, "installed");
    }

    public static bool IsOnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin"
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static Task AptGetAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        Shell.RunAsync(
            "apt-get",
            ["-o", "DPkg::Lock::Timeout=120", "-q", .. arguments],
            environment: new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" },
            cancel: cancel
        );
}
