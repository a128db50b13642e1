using System.Text;
using System.Text.RegularExpressions;
using WpFarm.Topology.FarmFile;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// The firewall in front of PHP: ModSecurity in the nginx of a pool, with the OWASP Core Rule Set at its first paranoia level. It inspects
/// what goes to PHP, not files. A request that it refuses does not reach WordPress, unless somebody who is logged in has sent it from the
/// site's own pages: then WordPress is asked whether the user may publish (farm-security.php).
/// </summary>
internal static class Waf
{
    private const string Path = "/etc/farm/waf.conf";

    /// <summary>The first number of a rule of ours that is rendered for a site. Those below are in waf.conf.</summary>
    private const int FirstRule = 1100;

    /// <summary>Whether a text is a number of the Core Rule Set, https://coreruleset.org/docs/2-how-crs-works/2-3-rules/.</summary>
    internal static bool IsRule(string text) => text.Length == 6 && text[0] == '9' && text.All(char.IsAsciiDigit);

    /// <summary>No file if every site is without: the rules then cost no memory.</summary>
    /// <param name="sites">The sites of the pool.</param>
    public static IReadOnlyList<MountedFile> Files(IReadOnlyList<Site> sites) =>
        IsOn(sites) ? [new(Path, Embedded.Text("Application/waf/rules.conf", ("sites", Sites(sites))))] : [];

    /// <summary>What nginx's file has where. All empty if every site is without.</summary>
    public static IReadOnlyList<(string Name, string Text)> Nginx(IReadOnlyList<Site> sites) =>
        [
            .. new[] { "waf-modules", "waf", "waf-php", "waf-locations" }.Select(part =>
                (part, IsOn(sites) ? Embedded.Text($"Application/waf/{part}.conf") : "")
            ),
        ];

    private static bool IsOn(IReadOnlyList<Site> sites) => sites.Any(site => site.Waf is not WafMode.Off);

    /// <summary>The rules that make a site differ. They run before the rule set.</summary>
    private static string Sites(IReadOnlyList<Site> sites)
    {
        var rules = new StringBuilder();
        var id = FirstRule;
        Add(sites.Where(site => site.Waf is WafMode.Off), "ctl:ruleEngine=Off");
        Add(sites.Where(site => site.Waf is WafMode.Detect), "ctl:ruleEngine=DetectionOnly");
        foreach (var site in sites.Where(site => site.WafExcept.Count > 0))
            Add([site], string.Join(',', site.WafExcept.Select(rule => $"ctl:ruleRemoveById={rule}")));
        return rules.ToString();

        void Add(IEnumerable<Site> some, string action)
        {
            var hosts = some.SelectMany(site => site.Hosts).Select(Regex.Escape).ToList();
            if (hosts.Count > 0)
                rules.Append(
                    $"""

                    SecRule REQUEST_HEADERS:Host "@rx ^(?:{string.Join('|', hosts)})(?::[0-9]+)?$" \
                        "id:{id++},phase:1,t:none,t:lowercase,pass,nolog,{action}"

                    """
                );
        }
    }
}
