using System.CommandLine;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment.Machine;
using WpFarm.Display;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm trust</c>: makes this machine accept the certificates of a farm's own authority.</summary>
internal static class TrustCommand
{
    private static readonly Option<bool> s_print = new("--print")
    {
        Description = "Print the authority's certificate and change nothing: for another machine, or a phone.",
    };
    private static readonly Option<bool> s_remove = new("--remove")
    {
        Description = "Remove the authority's certificate from this machine.",
    };

    public static Command Create() =>
        FarmCommand.Create(
            "trust",
            "Make this machine and its browsers accept the certificates of the farm's own authority (edge.tls \"local\").",
            RunAsync,
            s_print,
            s_remove,
            SharedOptions.Name,
            SharedOptions.File
        );

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var store = new TrustStore(parsed.Instance().Project);
        if (parsed.GetValue(s_remove))
        {
            Write(await store.RemoveAsync(cancel));
            return ExitCode.Ok;
        }

        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        var authority = await orchestrator.SendAsync(CertificateRoutes.Authority, cancel);
        if (parsed.GetValue(s_print))
            Console.Write(authority.Pem);
        else
            Write(await store.AddAsync(authority.Pem, cancel));
        return ExitCode.Ok;
    }

    private static void Write(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Terminal.Out.WriteLine(line);
    }
}
