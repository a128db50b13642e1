using WpFarm.Topology.Layers.Application;

namespace WpFarm.Topology.FarmFile;

/// <summary>Rules for what a site is installed with: its owner and its locale.</summary>
internal static class SiteRules
{
    public static void Check(FarmOptions options, List<FarmFileProblem> problems)
    {
        foreach (var (id, site) in options.Sites)
        {
            if (site.Owner is { } owner && !MailAddresses.TryParse(owner, out _))
                problems.Add(
                    new($"sites.{id}.owner", $"'{owner}' is not a mail address that WordPress accepts. Example: owner@example.com.")
                );
            problems.AddRange(
                site.WafExcept.Where(rule => !Waf.IsRule(rule))
                    .Select(rule => new FarmFileProblem(
                        $"sites.{id}.wafExcept",
                        $"'{rule}' is no rule of the firewall. ./farm security refusals shows rules, for example 942100."
                    ))
            );
            if (!Locales.All.Contains(site.Locale))
                problems.Add(
                    new(
                        $"sites.{id}.locale",
                        $"'{site.Locale}' is not a locale that WordPress has here.{DidYouMean(site.Locale)} "
                            + $"Locales: {string.Join(", ", Locales.All)}."
                    )
                );
        }
    }

    /// <summary>Of a language that WordPress has, its most similar locale; of similar ones, that of the language's own country.</summary>
    private static string DidYouMean(string written)
    {
        var locale = written.Replace('-', '_');
        var language = locale.Split('_')[0].ToLowerInvariant();
        var own = $"{language}_{language.ToUpperInvariant()}";
        var sameLanguage = Locales.All.Where(one => one.Split('_')[0] == language).OrderBy(one => one != own).ToList();
        return sameLanguage.Count == 0 ? FarmFileShape.DidYouMean(locale, Locales.All)
            : FarmFileShape.DidYouMean(locale, sameLanguage) is { Length: > 0 } similar ? similar
            : $" Did you mean '{sameLanguage[0]}'?";
    }
}
