using System.Text.RegularExpressions;

namespace WpFarm.Tests.Topology;

/// <summary>Removes comments from PHP. Keeps what looks like a comment within a string: <c>'http://a'</c>.</summary>
internal static partial class PhpCode
{
    public static string WithoutComments(string source) =>
        Token().Replace(source, token => token.Groups["comment"].Success ? " " : token.Value);

    /// <summary>
    /// Matches a string or a comment, whichever begins first. A line comment ends before <c>?></c>; <c>#[</c> begins an attribute.
    /// </summary>
    [GeneratedRegex(
        """
            <<<[ \t]*(?<quote>['"]?)(?<name>\w+)\k<quote>\r?\n .*? \n[ \t]*\k<name>\b
            | '(?:[^'\\]|\\.)*'
            | "(?:[^"\\]|\\.)*"
            | (?<comment> /\*.*?\*/ | (?://|\#(?!\[))(?:(?!\?>)[^\n])* )
            """,
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Token();
}
