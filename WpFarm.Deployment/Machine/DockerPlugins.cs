using System.Globalization;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Machine;

/// <summary>
/// Installs <c>docker compose</c> and <c>docker buildx</c>. Debian 12 packages neither. Those of trixie need only libc, so apt downloads
/// them from there, checks their signatures, and they are unpacked into the user's plug-in folder. No installed package is changed.
/// </summary>
internal sealed class DockerPlugins(IFarmProgress progress)
{
    private static readonly (string Plugin, string Package)[] s_plugins = [("compose", "docker-compose"), ("buildx", "docker-buildx")];

    public static async Task<string?> VersionOfAsync(string plugin, CancellationToken cancel) =>
        (await Shell.TryReadAsync("docker", [plugin, "version"], cancel))?.Trim();

    public async Task EnsureAsync(CancellationToken cancel)
    {
        var missing = new List<(string Plugin, string Package)>();
        foreach (var plugin in s_plugins)
            if (await VersionOfAsync(plugin.Plugin, cancel) is null)
                missing.Add(plugin);
        if (missing.Count == 0)
            return;

        var names = string.Join(" and ", missing.Select(m => $"docker {m.Plugin}"));
        if (!DebianPackages.MayInstall)
            throw new InvalidInputException(
                $"{names}: not installed. Install the Docker CLI plug-ins (docker-compose-plugin and docker-buildx-plugin of Docker, "
                    + "or docker-compose and docker-buildx of Debian 13), then run ./farm up again."
            );
        progress.Report(names, "fetching from Debian trixie");
        var work = Directory.CreateTempSubdirectory("wpfarm-plugins-");
        try
        {
            await FetchAsync(missing.ConvertAll(m => m.Package), work.FullName, cancel);
        }
        finally
        {
            work.Delete(recursive: true);
        }

        progress.Report(names, "installed");
    }

    private static async Task FetchAsync(IReadOnlyList<string> packages, string work, CancellationToken cancel)
    {
        var lists = Directory.CreateDirectory(Path.Combine(work, "lists", "partial")).Parent!.FullName;
        var archives = Directory.CreateDirectory(Path.Combine(work, "archives", "partial")).Parent!.FullName;
        var sources = Path.Combine(work, "trixie.list");
        await File.WriteAllTextAsync(
            sources,
            $"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {await MirrorAsync(cancel)} trixie main\n",
            cancel
        );
        string[] apart =
        [
            "-q",
            "-o",
            $"Dir::Etc::SourceList={sources}",
            "-o",
            "Dir::Etc::SourceParts=/dev/null",
            "-o",
            $"Dir::State::Lists={lists}",
            "-o",
            $"Dir::Cache={work}",
            "-o",
            $"Dir::Cache::Archives={archives}",
            "-o",
            "APT::Sandbox::User=root",
            "-o",
            "Acquire::Languages=none",
        ];
        await Shell.RunAsync("apt-get", [.. apart, "update"], folder: work, cancel: cancel);
        await Shell.RunAsync("apt-get", [.. apart, "download", .. packages], folder: work, cancel: cancel);

        var plugins = Directory.CreateDirectory(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker", "cli-plugins")
        );
        foreach (var package in Directory.EnumerateFiles(work, "*.deb"))
        {
            var unpacked = Path.ChangeExtension(package, null);
            await Shell.RunAsync("dpkg", ["--extract", package, unpacked], cancel: cancel);
            foreach (
                var plugin in Directory
                    .EnumerateFiles(unpacked, "docker-*", SearchOption.AllDirectories)
                    .Where(f => Path.GetDirectoryName(f)!.EndsWith("cli-plugins", StringComparison.Ordinal))
            )
                await Shell.RunAsync("install", ["-m", "755", plugin, plugins.FullName], cancel: cancel);
        }
    }

    /// <summary>The Debian archive that this machine's apt is configured with, so that a local mirror is used.</summary>
    private static async Task<string> MirrorAsync(CancellationToken cancel)
    {
        var targets = await Shell.TryReadAsync(
            "apt-get",
            ["indextargets", "--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"],
            cancel
        ) ?? "";
        var mirror = targets
            .Split('\n')
            .Where(line =>
                line.StartsWith("Debian ", true, CultureInfo.InvariantCulture) && !line.Contains("security", StringComparison.Ordinal)
            )
            .Select(line => line["Debian ".Length..].Trim().TrimEnd('/'))
            .FirstOrDefault();
        return mirror
            ?? throw new InvalidInputException(
                "docker compose, docker buildx: not installed, and apt has no Debian archive to download them from "
                    + "(apt-get indextargets lists none). Install both by hand, then run ./farm up again."
            );
    }
}
