using System.Globalization;
using System.Text;
using WpFarm.Topology.Layers.Backups;

namespace WpFarm.Topology.Layers.Application;

/// <summary>
/// <c>/etc/farm/farm.php</c>: what wp-config.php needs to know of the farm, as a PHP array: the opcode cache keeps it in
/// memory, so no request parses anything, whatever the number of sites.
/// </summary>
internal static class FarmPhp
{
    public static string Write(FarmDesign farm, Backends backends)
    {
        var php = new StringBuilder("<?php\n\ndeclare(strict_types=1);\n\nreturn ");
        Append(php, Describe(farm, backends), 0);
        return php.Append(";\n").ToString();
    }

    private static (string, object)[] Describe(FarmDesign farm, Backends backends) =>
        [
            ("sites", farm.Sites.Select(site => (site.Id, (object)Describe(site, farm, backends))).ToArray()),
            ("hosts", farm.Sites.SelectMany(site => site.Hosts.Select(host => (host, (object)site.Id))).ToArray()),
            ("redis", backends.Redis.ToArray()),
            ("memcached", backends.Memcached.ToArray()),
            ("query_cache", farm.Options.Caching.QueryCache && backends.Memcached.Count > 0 ? 1 : 0),
            ("varnish", backends.Varnish),
            ("page_ttl", farm.Options.Caching.PageTtl),
            ("grace_hours", farm.Options.Caching.GraceHours),
            ("database", new (string, object)[] { ("writer", backends.Writer), ("reader", backends.Reader) }),
            ("scratch", backends.IsScratch ? 1 : 0),
        ];

    private static (string, object)[] Describe(Site site, FarmDesign farm, Backends backends) =>
        [
            ("title", site.Title),
            ("database", site.Database),
            ("user", backends.IsScratch ? MariadbScratch.User : site.Database),
            ("url", site.Url),
            ("hosts", site.Hosts.ToArray()),
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
