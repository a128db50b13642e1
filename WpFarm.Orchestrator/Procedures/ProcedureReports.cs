using System.Collections.Immutable;

namespace WpFarm.Orchestrator.Procedures;

internal static class ProcedureReports
{
    /// <summary>Adds a report at the front. It replaces the previous report of the same procedure.</summary>
    /// <param name="kept">Number of reports to keep.</param>
    public static ImmutableList<T> With<T>(this ImmutableList<T> reports, T report, int kept)
        where T : ProcedureReport
    {
        var others = reports is [{ } latest, ..] && latest.Since == report.Since && latest.Ended is null ? reports.RemoveAt(0) : reports;
        return [report, .. others.Take(kept - 1)];
    }
}
