using System.CommandLine;
using Spectre.Console;
using WpFarm.Deployment;
using WpFarm.Deployment.Instance;
using WpFarm.Deployment.Publishing;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

internal static class PublishCommand
{
    private static readonly Option<bool> s_force = new("--force") { Description = "Overwrite files that were edited by hand." };

    public static Command Create() =>
        FarmCommand.Create(
            "publish",
            "Write Compose and swarm manifests of the farm, for other machines.",
            RunAsync,
            Publishing.Output,
            Publishing.FirstParty,
            s_force,
            SharedOptions.ProductionName,
            SharedOptions.File
        );

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var output = parsed.GetRequiredValue(Publishing.Output);
        var files = Publishing.Render(parsed);
        var changes = new PublishedFolder(output).Write(files, parsed.GetValue(s_force));
        foreach (var change in changes)
            Terminal.Out.WriteLine($"{(change.Kind is DifferenceKind.Stale ? "deleted" : "wrote")} {Path.Combine(output, change.Path)}");
        Terminal.Error.MarkupLineInterpolated($"[grey]{files.Count} files, {changes.Count} changed.[/]");
        return Task.FromResult(ExitCode.Ok);
    }
}

/// <summary>Options and rendering that <c>publish</c>, <c>diff</c> and <c>deploy</c> share.</summary>
internal static class Publishing
{
    public static Option<string> Output { get; } =
        new("--output", "-o")
        {
            Description = "Folder of the manifests.",
            DefaultValueFactory = _ => "manifests",
            HelpName = "FOLDER",
        };

    public static Option<bool> FirstParty { get; } =
        new("--first-party")
        {
            Description = "Leave out services with upstream images (Traefik, Grafana, …), for machines that reach no public registry.",
        };

    public static IReadOnlyList<PublishedFile> Render(ParseResult parsed) =>
        new Publisher(RepositoryRoot.Find()).Render(
            FarmRunbook.ReadFarmFile(parsed.FarmFile()),
            parsed.ProductionInstance(),
            parsed.GetValue(FirstParty)
        );
}
