using System.Text.Json;
using System.Text.RegularExpressions;
using WpFarm.Contracts.Settings;

namespace WpFarm.Tests.Topology;

/// <summary>The keys of <c>/etc/farm/farm.php</c> by path. A <c>*</c> is the id or the host name of a site: <c>sites.*.title</c>.</summary>
internal static partial class FarmPhpKeys
{
    /// <summary>Classes that hold a part of the array, with the variable that holds it and the path of that part.</summary>
    private static readonly (string File, string Variable, string Path)[] s_readers =
    [
        ("farm/Farm.php", "$this->config", ""),
        ("farm/Site.php", "$config", "sites.*."),
    ];

    /// <summary>Keys of the settings whose value is no array of further keys.</summary>
    public static IReadOnlySet<string> Written() => Keys(typeof(FarmPhpSettings), "").ToHashSet();

    private static IEnumerable<string> Keys(Type value, string path) =>
        value.Assembly == typeof(FarmPhpSettings).Assembly
            ? value
                .GetProperties()
                .SelectMany(property =>
                    Keys(property.PropertyType, $"{path}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}".TrimStart('.'))
                )
        : value.IsGenericType && value.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            ? Keys(value.GenericTypeArguments[1], $"{path}.*")
        : [path];

    /// <summary>Keys that are read by a method or into a property which other code uses.</summary>
    /// <param name="code">All PHP of the image by its path, without comments.</param>
    public static IEnumerable<string> Used(IReadOnlyDictionary<string, string> code) =>
        Read(code).Where(read => code.Values.Any(UseOf(read.Member).IsMatch)).Select(read => read.Key);

    /// <summary>Every key that is read, with the method or property that holds its value.</summary>
    public static IEnumerable<(string Key, string Member)> Read(IReadOnlyDictionary<string, string> code) =>
        from reader in s_readers
        let text = code[reader.File]
        from read in Regex.Matches(text, $@"{Regex.Escape(reader.Variable)}((?:\['\w+'\]|\[\$\w+\])+)")
        let path = ReadKey().Replace(read.Groups[1].Value, Segment).TrimStart('.')
        select (reader.Path + path, Member().Match(text, read.Index).Groups["name"].Value);

    private static string Segment(Match key) => key.Groups["key"].Success ? $".{key.Groups["key"].Value}" : ".*";

    /// <summary>An assignment to a property is not a use of it.</summary>
    private static Regex UseOf(string member) => new($@"->{member}\b(?! = )");

    [GeneratedRegex(@"\['(?<key>\w+)'\]|\[\$\w+\]")]
    private static partial Regex ReadKey();

    /// <summary>Searches backwards from a read for its method, or for the property to which the value is assigned.</summary>
    [GeneratedRegex(@"function (?<name>\w+)\(|\$this->(?<name>\w+) = ", RegexOptions.RightToLeft)]
    private static partial Regex Member();
}
