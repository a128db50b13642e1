using System.Globalization;
using Spectre.Console;
using WpFarm.Scaling.Simulation;

namespace WpFarm.Cli.Display;

/// <summary>What became of simulated traffic, a row for each scaler.</summary>
internal static class SimulationTable
{
    /// <param name="forPeople">false: as Markdown, for documents.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<SimulationResult> results, bool forPeople)
    {
        var table = new Table { Border = forPeople ? TableBorder.Rounded : TableBorder.Markdown };
        table.AddColumns("Traffic", "Scaler");
        foreach (
            var column in new[] { "Container hours", "Most", "Over 500 ms", "Pages", "Queued", "Lost", "Changes", "Taken back", "Alert" }
        )
            table.AddColumn(new TableColumn(column) { Alignment = forPeople ? Justify.Right : Justify.Left, NoWrap = true });
        foreach (var result in results)
            table.AddRow(
                Markup.Escape(result.Traffic),
                Markup.Escape(result.Scaler),
                Number(result.ReplicaHours, "0.0"),
                Number(result.MostReplicas, "0"),
                Number(result.Slow.TotalMinutes, "0.0 min"),
                Number(result.Pages, "#,0"),
                Number(result.Queued, "#,0"),
                Number(result.Lost, "#,0"),
                Number(result.Scalings.Count, "0"),
                Number(result.Reversals, "0"),
                Number(result.Alerted.TotalMinutes, "0 min")
            );
        console.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
