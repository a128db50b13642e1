using WpFarm.Deployment.Reporting;

namespace WpFarm.Deployment.Machine;

/// <summary>
/// The authorities that this machine trusts: the system's list (Debian, Ubuntu, Fedora, macOS), and on Linux the database of Chromium and
/// Firefox's profiles, which have lists of their own.
/// </summary>
/// <param name="farm">The farm's name. Each farm has its own entry.</param>
public sealed class TrustStore(string farm)
{
    private static readonly (string Folder, string Update)[] s_linux =
    [
        ("/usr/local/share/ca-certificates", "update-ca-certificates"),
        ("/etc/pki/ca-trust/source/anchors", "update-ca-trust"),
    ];

    private const string MacKeychain = "/Library/Keychains/System.keychain";

    private string Name => $"wpfarm-{farm}";

    /// <returns>What was done, a line for each list.</returns>
    /// <exception cref="InvalidInputException">The user may not change the system's list, or the system is unknown.</exception>
    public async Task<IReadOnlyList<string>> AddAsync(string pem, CancellationToken cancel)
    {
        if (OperatingSystem.IsMacOS())
            return [await AddToKeychainAsync(pem, cancel)];
        var (folder, update) = Linux();
        var file = Path.Combine(folder, $"{Name}.crt");
        await ChangeAsync(file, () => File.WriteAllTextAsync(file, pem, cancel));
        await Shell.RunAsync(update, [], cancel: cancel);
        var lines = new List<string> { $"{file}: the system trusts the farm's authority" };
        foreach (var profile in Browsers())
        {
            var done = await CertutilAsync(["-A", "-d", $"sql:{profile}", "-n", Name, "-t", "C,,", "-i", file], cancel);
            lines.Add(
                done
                    ? $"{profile}: the browser trusts it after its next start"
                    : $"{profile}: not changed, because certutil is not there. Debian: apt-get install libnss3-tools; repeat ./farm trust"
            );
        }

        return lines;
    }

    /// <inheritdoc cref="AddAsync"/>
    public async Task<IReadOnlyList<string>> RemoveAsync(CancellationToken cancel)
    {
        if (OperatingSystem.IsMacOS())
        {
            await Shell.RunAsync("security", ["delete-certificate", "-c", Name, MacKeychain], cancel: cancel);
            return [$"{MacKeychain}: the farm's authority is removed"];
        }

        var (folder, update) = Linux();
        var file = Path.Combine(folder, $"{Name}.crt");
        await ChangeAsync(file, () => Task.Run(() => File.Delete(file), cancel));
        await Shell.RunAsync(update, update == "update-ca-certificates" ? ["--fresh"] : [], cancel: cancel);
        foreach (var profile in Browsers())
            await CertutilAsync(["-D", "-d", $"sql:{profile}", "-n", Name], cancel);
        return [$"{file}: the farm's authority is removed from the system and its browsers"];
    }

    private static async Task<string> AddToKeychainAsync(string pem, CancellationToken cancel)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, pem, cancel);
            await Shell.RunAsync("security", ["add-trusted-cert", "-d", "-r", "trustRoot", "-k", MacKeychain, file], cancel: cancel);
            return $"{MacKeychain}: the system and its browsers trust the farm's authority";
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (string Folder, string Update) Linux() =>
        s_linux.FirstOrDefault(system => Directory.Exists(system.Folder)) is { Folder: not null } found
            ? found
            : throw new InvalidInputException(
                "This system's list of authorities is not known here. "
                    + "Write the certificate to a file (./farm trust --print > wpfarm.crt), and add it by the system's own way."
            );

    private static async Task ChangeAsync(string file, Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{file} may be changed by root only. Run it with sudo.");
        }
    }

    /// <summary>Folders of NSS databases: Chromium's, and each profile of Firefox.</summary>
    private static IEnumerable<string> Browsers()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] roots = [Path.Combine(home, ".pki/nssdb"), .. Folders(Path.Combine(home, ".mozilla/firefox"))];
        return roots.Where(folder => File.Exists(Path.Combine(folder, "cert9.db")));
    }

    private static string[] Folders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    /// <returns>False if certutil is not installed, or the entry is not there.</returns>
    private static async Task<bool> CertutilAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        await Shell.TryReadAsync("certutil", arguments, cancel) is not null;
}
