using System.CommandLine;
using Spectre.Console;
using WpFarm.Contracts.Api.Routes;
using WpFarm.Deployment;
using WpFarm.Deployment.Reporting;
using WpFarm.Display;
using WpFarm.Topology;

namespace WpFarm.Cli.Commands;

/// <summary><c>./farm cache</c>: purges the caches of the sites.</summary>
internal static class CacheCommand
{
    private static readonly Argument<string?> s_site = new("site")
    {
        Description = "A site's id in farm.json. Without it, all sites.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Argument<string?> s_page = new("url")
    {
        Description = "Address or path of one of the site's pages. Without it, all pages.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var purge = FarmCommand.Create(
            "purge",
            "Purge pages, objects and query results of all sites or of one site, or purge one page.",
            PurgeAsync,
            SharedOptions.Name,
            SharedOptions.File
        );
        purge.Arguments.Add(s_site);
        purge.Arguments.Add(s_page);
        return new Command("cache", "Purge the caches of pages, objects and queries.") { purge };
    }

    private static async Task<int> PurgeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var farm = Farm.Build(FarmRunbook.ReadFarmFile(parsed.FarmFile()));
        var id = parsed.GetValue(s_site);
        if (id is not null)
            parsed.CheckSite(farm.Options, id);
        var sites = farm.Sites.Where(site => id is null || site.Id == id).ToList();
        var page = parsed.GetValue(s_page) is { } url ? PathOf(url, sites[0]) : null;
        using var orchestrator = await parsed.OrchestratorAsync(cancel);
        foreach (var site in sites)
        {
            await orchestrator.SendAsync(FarmRoutes.PurgeCaches, new(site.Id, page), cancel);
            Terminal.Out.WriteLine(page is null ? $"{site.Id}: purged" : $"{site.Id}: {page} purged");
        }

        return ExitCode.Ok;
    }

    /// <exception cref="InvalidInputException">The address does not belong to the site.</exception>
    private static string PathOf(string url, Site site)
    {
        var whole = url.StartsWith('/') ? site.Url + url : url;
        if (
            !Uri.TryCreate(whole, UriKind.Absolute, out var address)
            || !HostName.TryParse(address.Host, out var host)
            || !site.Hosts.Contains(host)
        )
            throw new InvalidInputException(
                $"'{url}' is not an address of site {site.Id}. "
                    + $"Give an address at {string.Join(", ", site.Hosts.Select(HostName.Readable))}, or a path: /about/"
            );
        return address.PathAndQuery;
    }
}
