using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// Renders the farm's settings for wp-config.php as a PHP file. The opcode cache keeps it in memory, so no request parses anything,
/// whatever the number of sites.
/// </summary>
internal static class FarmPhp
{
    public static string Write(FarmDesign farm, Backends backends) => PhpFile.Write(Settings(farm, backends));

    private static FarmPhpSettings Settings(FarmDesign farm, Backends backends) =>
        new()
        {
            Sites = Map(farm.Sites.Select(site => KeyValuePair.Create(site.Id, Settings(site, backends)))),
            Hosts = Map(farm.Sites.SelectMany(site => site.Hosts.Select(host => KeyValuePair.Create(host, site.Id)))),
            Redis = backends.Redis,
            Memcached = backends.Memcached,
            QueryCache = farm.Options.Caching.QueryCache && backends.Memcached.Count > 0,
            Varnish = backends.Varnish,
            Egress = backends.Egress,
            Mail = backends.Mail,
            PageTtl = farm.Options.Caching.PageTtl,
            GraceHours = farm.Options.Caching.GraceHours,
            Database = new() { Writer = backends.Writer, Reader = backends.Reader },
            Scratch = backends.IsScratch,
        };

    private static SitePhpSettings Settings(Site site, Backends backends) =>
        new()
        {
            Title = site.Title,
            Database = site.Database,
            User = backends.IsScratch ? MariadbScratch.User : site.Database,
            Url = site.Url,
            Hosts = site.Hosts,
            MailDomains = site.MailDomains,
            Admin = "admin",
            Email = site.Owner,
            Locale = site.Locale,
        };

    /// <summary>Keeps the order of the model, so that a small change of the farm is a small change of the file.</summary>
    private static OrderedDictionary<string, TValue> Map<TValue>(IEnumerable<KeyValuePair<string, TValue>> items) => new(items);
}
