using System.Globalization;
using System.Text;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Database;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// <c>/etc/farm/farm.php</c>: what wp-config.php needs to know of the farm, as a PHP array: the opcode cache keeps it in
/// memory, so no request parses anything, whatever the number of sites.
/// </summary>
internal static class FarmPhp
{
    public static string Write(FarmDesign farm)
    {
        var php = new StringBuilder("<?php\n\ndeclare(strict_types=1);\n\nreturn ");
        Append(php, Describe(farm), 0);
        return php.Append(";\n").ToString();
    }

    private static (string, object)[] Describe(FarmDesign farm) =>
    [
        ("sites", farm.Sites.Select(site => (site.Id, (object)Describe(site, farm))).ToArray()),
        ("hosts", farm.Sites.SelectMany(site => site.Hosts.Select(host => (host, (object)site.Id))).ToArray()),
        ("redis", Redis.Nodes.Select(node => $"{node}:{Redis.Port}").ToArray()),
        ("memcached", new[] { $"{Memcached.Name}:{Memcached.Port}" }),
        ("query_cache", farm.Options.Caching.QueryCache ? 1 : 0),
        ("varnish", $"{Varnish.Name}:{Varnish.Port}"),
        ("page_ttl", farm.Options.Caching.PageTtl),
        ("database", new (string, object)[] { ("writer", $"{DbProxy.Writer}:{DbProxy.WriterPort}"), ("reader", $"{DbProxy.Reader}:{DbProxy.ReaderPort}") }),
    ];

    private static (string, object)[] Describe(Site site, FarmDesign farm) =>
    [
        ("title", site.Title),
        ("database", site.Database),
        ("user", site.Database),
        ("url", site.Url),
        ("hosts", site.Hosts.ToArray()),
        ("tier", site.Tier),
        ("admin", "admin"),
        ("email", $"admin@{farm.Options.Domain}"),
        ("locale", "en_US"),
    ];

    private static void Append(StringBuilder php, object value, int depth)
    {
        switch (value)
        {
            case string text:
                php.Append(Quote(text));
                break;
            case int number:
                php.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case string[] list:
                php.Append('[').AppendJoin(", ", list.Select(Quote)).Append(']');
                break;
            case (string Key, object Value)[] map:
                php.Append("[\n");
                foreach (var (key, item) in map)
                {
                    php.Append(' ', 4 * (depth + 1)).Append(Quote(key)).Append(" => ");
                    Append(php, item, depth + 1);
                    php.Append(",\n");
                }

                php.Append(' ', 4 * depth).Append(']');
                break;
            default:
                throw new ArgumentException($"No PHP for {value.GetType()}.", nameof(value));
        }
    }

    /// <summary>A PHP string in single quotes, where only the quote and the backslash mean something.</summary>
    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\").Replace("'", "\\'")}'";
}
