using System.Text.RegularExpressions;
using WpFarm.Deployment.Publishing;
using WpFarm.Deployment.Reporting;
using WpFarm.Deployment.Secrets;

namespace WpFarm.Deployment.Instance;

/// <summary>One farm on this machine: its name, and where its generated files are. Several farms can run side by side.</summary>
public sealed partial class FarmInstance
{
    public const string DefaultName = "dev";

    /// <summary>The default name of a farm that is published or deployed.</summary>
    public const string ProductionName = "prod";

    /// <param name="root">The repository's folder; <c>.farm/NAME</c> is below it.</param>
    /// <param name="name">A lower-case letter, then up to 19 lower-case letters, digits and dashes.</param>
    /// <exception cref="InvalidInputException">The name is invalid.</exception>
    public FarmInstance(string root, string name)
    {
        if (!IsName(name))
            throw new InvalidInputException($"--name {NameProblem(name)}");
        Name = name;
        Folder = Path.Combine(root, ".farm", name);
    }

    public string Name { get; }

    public string Folder { get; }

    /// <summary>The Compose project: the prefix of the farm's containers, networks and volumes.</summary>
    public string Project => $"wpfarm-{Name}";

    public string SecretsFolder => Path.Combine(Folder, "secrets");

    public string ComposeFile => Path.Combine(Folder, "compose.yaml");

    /// <summary>Holds the stacks that were deployed to a swarm.</summary>
    public string StacksFolder => Path.Combine(Folder, Publication.Swarm);

    /// <summary>Holds the rendered configuration files.</summary>
    public string FilesFolder => Path.Combine(Folder, "files");

    public string PortsFile => Path.Combine(Folder, "ports.json");

    /// <summary>The secrets of a farm that was started on this machine before.</summary>
    /// <param name="needed">The secret that the caller will read.</param>
    /// <exception cref="InvalidInputException">The farm has no such secret: it was never started here.</exception>
    public SecretStore SecretsWith(string needed)
    {
        var secrets = new SecretStore(SecretsFolder);
        return File.Exists(secrets.PathOf(needed))
            ? secrets
            : throw new InvalidInputException($"farm {Name}: has no secrets yet. Start it: ./farm up");
    }

    public static bool IsName(string name) => ValidName().IsMatch(name);

    /// <summary>The error message for an invalid name.</summary>
    public static string NameProblem(string name) =>
        $"{name}: is not a farm name. Use a lower-case letter, then up to 19 lower-case letters, digits and dashes.";

    public string VolumeName(string volume) => $"{Project}_{volume}";

    [GeneratedRegex("^[a-z][a-z0-9-]{0,19}$")]
    private static partial Regex ValidName();
}
