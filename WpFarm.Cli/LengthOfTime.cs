using System.Globalization;
using WpFarm.Deployment.Reporting;

namespace WpFarm.Cli;

/// <summary>A length of time as people write it: <c>30m</c>, <c>2h</c> or <c>3d</c>.</summary>
internal static class LengthOfTime
{
    /// <param name="option">The option that has the text: <c>--for</c>.</param>
    /// <exception cref="InvalidInputException">The text is no length of time.</exception>
    public static int Minutes(string option, string text)
    {
        var unit =
            text.Length == 0
                ? 0
                : text[^1] switch
                {
                    'm' => 1,
                    'h' => 60,
                    'd' => 24 * 60,
                    _ => 0,
                };
        return
            unit > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 10000
            ? count * unit
            : throw new InvalidInputException($"{option} {text}: is no length of time. Write 30m, 2h or 3d.");
    }
}
