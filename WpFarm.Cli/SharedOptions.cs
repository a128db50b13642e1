using System.CommandLine;
using WpFarm.Deployment;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.OrchestratorClient;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Cli;

/// <summary>Options that several commands share.</summary>
internal static class SharedOptions
{
    public static Option<string> Name { get; } =
        new("--name", "-n")
        {
            Description = "Which farm: several can run side by side on one engine.",
            DefaultValueFactory = _ => FarmInstance.DefaultName,
            HelpName = "NAME",
        };

    /// <summary>
    /// The name of a farm that runs elsewhere. Its default differs from that of the farm on this machine, and so do its secrets.
    /// </summary>
    public static Option<string> ProductionName { get; } =
        new("--name", "-n")
        {
            Description = "Which farm: its names and secrets are its own.",
            DefaultValueFactory = _ => FarmInstance.ProductionName,
            HelpName = "NAME",
        };

    public static Option<string> File { get; } =
        new("--file", "-f")
        {
            Description = "The farm's farm.json.",
            DefaultValueFactory = _ => "farm.json",
            HelpName = "PATH",
        };

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask." };

    public static FarmInstance Instance(this ParseResult parsed) => new(RepositoryRoot.Find(), parsed.GetRequiredValue(Name));

    public static FarmInstance ProductionInstance(this ParseResult parsed) =>
        new(RepositoryRoot.Find(), parsed.GetRequiredValue(ProductionName));

    public static FarmRunbook Runbook(this ParseResult parsed, IFarmProgress progress) =>
        new(RepositoryRoot.Find(), parsed.Instance(), progress);

    /// <summary>
    /// The Orchestrator of the farm on the swarm, if Docker's environment names a swarm manager and the swarm has this farm. Otherwise the
    /// Orchestrator of the farm on this machine.
    /// </summary>
    public static async Task<OrchestratorApi> OrchestratorAsync(this ParseResult parsed, CancellationToken cancel) =>
        await OrchestratorApi.OnSwarmAsync(parsed.Instance(), cancel)
        ?? new((await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel)).Farm, parsed.Instance());

    /// <exception cref="InvalidInputException">farm.json has no such site.</exception>
    public static void CheckSite(this ParseResult parsed, FarmOptions options, string id)
    {
        if (!options.Sites.ContainsKey(id))
            throw new InvalidInputException($"{parsed.FarmFile()}: has no site '{id}'. Sites: {string.Join(", ", options.Sites.Keys)}.");
    }

    public static string FarmFile(this ParseResult parsed) => parsed.GetRequiredValue(File);
}
