using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WpFarm.Topology;

/// <summary>
/// Names of hosts. The farm uses the ASCII form, as DNS, certificates and programs do (<c>xn--mller-kva.de</c>). People may write Unicode
/// and see it (<c>müller.de</c>).
/// </summary>
public static partial class HostName
{
    private static readonly IdnMapping s_idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// The ASCII form of what a person wrote: in lower case, without a trailing dot. False if it is not the name of a host.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? host)
    {
        var lower = text.ToLowerInvariant();
        var name = lower.EndsWith('.') ? lower[..^1] : lower;
        host = name.EnumerateRunes().All(IsOfAName) ? AsciiOf(name) : null;
        return host is not null;
    }

    /// <summary>A host as people read it.</summary>
    public static string Readable(string host)
    {
        try
        {
            return s_idn.GetUnicode(host);
        }
        catch (ArgumentException)
        {
            // An xn-- label that nobody can read is shown as it is.
            return host;
        }
    }

    private static string? AsciiOf(string name)
    {
        try
        {
            var ascii = s_idn.GetAscii(name);
            // Throws for an xn-- label that is the form of no name.
            s_idn.GetUnicode(ascii);
            return Ascii().IsMatch(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Of other alphabets, letters, marks and digits. An accent that follows its letter is refused, because the same letter in one piece is
    /// another name: keyboards and browsers write the one piece.
    /// </summary>
    private static bool IsOfAName(Rune rune) =>
        rune.IsAscii || Rune.IsLetterOrDigit(rune) || (IsMark(Rune.GetUnicodeCategory(rune)) && rune.Value is (< 0x300 or > 0x36f));

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>RFC 1123: labels of 1 to 63 letters, digits and inner dashes, 253 characters in all.</summary>
    [GeneratedRegex(@"^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex Ascii();
}
