using System.Text.RegularExpressions;

namespace WpFarm.AppHost.Aspire.Watch;

/// <summary>Phrases the reports about resources.</summary>
internal static partial class FarmReport
{
    private const int MostLines = 20;

    /// <summary>How long to read a log. A log that takes longer is shown as far as it was read.</summary>
    private static readonly TimeSpan s_logLimit = TimeSpan.FromSeconds(5);

    /// <summary>The end of the sentence: the resources that wait for the one that ended.</summary>
    public static string Waiting(FarmEvent.OfResource ended) =>
        ended.Waiting switch
        {
            [] => ".",
            [var one] => $". {one} waits for it.",
            var several => $". {string.Join(", ", several)} wait for it.",
        };

    public static string Line(Unsettled resource) =>
        resource.WaitsFor.Count > 0
            ? $"{resource.Name}: waits for {string.Join(", ", resource.WaitsFor)}"
            : resource.Condition switch
            {
                ResourceCondition.Running => $"{resource.Name}: runs, and is not healthy. Its last lines:",
                ResourceCondition.Unknown => $"{resource.Name}: has not started",
                _ => $"{resource.Name}: {resource.Condition.ToString().ToLowerInvariant()}. Its last lines:",
            };

    public static string Indent(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"{Environment.NewLine}    {line}"));

    /// <summary>
    /// The last lines of a log, without colors, without the timestamp that Aspire prepends, and without its process launcher's lines.
    /// </summary>
    public static async Task<IReadOnlyList<string>> LastLinesAsync(IAsyncEnumerable<IReadOnlyList<LogLine>> log)
    {
        var lines = new Queue<string>();
        using var limit = new CancellationTokenSource(s_logLimit);
        try
        {
            await foreach (var batch in log.WithCancellation(limit.Token))
            foreach (
                var line in batch.OrderBy(line => line.LineNumber).Select(line => Noise().Replace(line.Content, "")).Where(IsOfResource)
            )
            {
                lines.Enqueue(line);
                if (lines.Count > MostLines)
                    lines.Dequeue();
            }
        }
        catch (Exception e)
        {
            // The report is made without the log.
            lines.Enqueue($"(the rest of its log cannot be read: {e.Message})");
        }

        return lines.Count > 0 ? [.. lines] : ["(it wrote nothing)"];
    }

    private static bool IsOfResource(string line) => !line.StartsWith("[sys] ", StringComparison.Ordinal);

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]|^\d{4}-\d\d-\d\dT[\d:.]+Z ")]
    private static partial Regex Noise();
}
