using System.CommandLine;
using WpFarm.Deployment;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

internal static class SitesCommand
{
    private static readonly Argument<string> s_site = new("site") { Description = "The site's id in farm.json." };

    public static Command Create()
    {
        var sites = FarmCommand.Create(
            "sites",
            "List the farm's sites; read the mail of one.",
            ListAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        var password = FarmCommand.Create(
            "password",
            "Print the first password of a site's administrator.",
            PasswordAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        password.Arguments.Add(s_site);
        sites.Subcommands.Add(password);
        sites.Subcommands.Add(SiteMailCommand.Create());
        sites.Aliases.Add("site");
        return sites;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (farm, _) = await parsed.Runbook(new NoProgress()).StatusAsync(parsed.FarmFile(), cancel);
        FarmTables.Sites(farm, parsed.Instance());
        return ExitCode.Ok;
    }

    private static Task<int> PasswordAsync(ParseResult parsed, CancellationToken cancel)
    {
        var options = FarmRunbook.ReadFarmFile(parsed.FarmFile());
        var id = parsed.GetRequiredValue(s_site);
        parsed.CheckSite(options, id);
        Console.WriteLine(parsed.Instance().SecretsWith(Secret.AdminKey).AdminPassword(id));
        return Task.FromResult(ExitCode.Ok);
    }
}
