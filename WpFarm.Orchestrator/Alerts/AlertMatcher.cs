using System.Text.RegularExpressions;

namespace WpFarm.Orchestrator.Alerts;

/// <summary>A condition on one label of an alert, in the form of Alertmanager's API.</summary>
internal sealed partial record AlertMatcher(string Name, string Value, bool IsRegex, bool IsEqual)
{
    /// <param name="text"><c>name=value</c> with <c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>, or the name of an alert alone.</param>
    /// <returns>Null when the text is none of these.</returns>
    public static AlertMatcher? Parse(string text)
    {
        if (AlertName().IsMatch(text))
            return new("alertname", text, IsRegex: false, IsEqual: true);
        if (Condition().Match(text) is not { Success: true, Groups: var parts })
            return null;
        var sign = parts["sign"].Value;
        var matcher = new AlertMatcher(parts["name"].Value, parts["value"].Value.Trim('"'), sign.Contains('~'), sign[0] == '=');
        return matcher.IsRegex && !IsPattern(matcher.Value) ? null : matcher;
    }

    public override string ToString() => $"{Name}{(IsEqual ? "=" : "!")}{(IsRegex ? "~" : IsEqual ? "" : "=")}\"{Value}\"";

    private static bool IsPattern(string text)
    {
        try
        {
            _ = Regex.Match("", text, RegexOptions.None, TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$")]
    private static partial Regex AlertName();

    [GeneratedRegex("^(?<name>[a-zA-Z_][a-zA-Z0-9_]*)(?<sign>=~|!~|!=|=)(?<value>.+)$")]
    private static partial Regex Condition();
}
