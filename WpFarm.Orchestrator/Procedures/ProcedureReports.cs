using System.Collections.Immutable;

namespace WpFarm.Orchestrator.Procedures;

internal static class ProcedureReports
{
    /// <summary>With what was just told, in place of what was told of the same before. The latest first.</summary>
    /// <param name="kept">How many.</param>
    public static ImmutableList<T> With<T>(this ImmutableList<T> reports, T report, int kept)
        where T : ProcedureReport
    {
        var others = reports is [{ } latest, ..] && latest.Since == report.Since && latest.Ended is null ? reports.RemoveAt(0) : reports;
        return [report, .. others.Take(kept - 1)];
    }
}
