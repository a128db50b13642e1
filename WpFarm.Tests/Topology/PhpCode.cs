using System.Text.RegularExpressions;

namespace WpFarm.Tests.Topology;

/// <summary>PHP without its comments. A text keeps what looks like one: <c>'http://a'</c>.</summary>
internal static partial class PhpCode
{
    public static string WithoutComments(string source) =>
        Token().Replace(source, token => token.Groups["comment"].Success ? " " : token.Value);

    /// <summary>A text or a comment, whichever begins first. A line's comment ends before <c>?></c>; <c>#[</c> is an attribute.</summary>
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
