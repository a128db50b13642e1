using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using WpFarm.Scaling.Simulation;

namespace WpFarm.Cli.Display;

/// <summary>Load, containers and latency over time, one above the other, as SVG.</summary>
internal static class SimulationPlot
{
    private const double Width = 1100,
        Height = 700;

    /// <param name="results">Of one traffic.</param>
    public static string Draw(IReadOnlyList<SimulationResult> results)
    {
        var plot = new PlotModel { Title = results[0].Traffic, Background = OxyColors.White };
        plot.Axes.Add(
            new LinearAxis
            {
                Position = AxisPosition.Bottom,
                Title = "hours",
                Minimum = 0,
                Maximum = results[0].Moments[^1].At.TotalHours,
                MajorGridlineStyle = LineStyle.Dot,
            }
        );
        plot.Axes.Add(Vertical("latency", "latency, ms", 0, 0.3, new LogarithmicAxis { Minimum = 50, Maximum = 30_000 }));
        plot.Axes.Add(Vertical("containers", "containers", 0.34, 0.66, new LinearAxis { Minimum = 0, MajorStep = 2 }));
        plot.Axes.Add(Vertical("pages", "pages a second", 0.7, 1, new LinearAxis { Minimum = 0 }));
        plot.Legends.Add(
            new Legend
            {
                LegendPosition = LegendPosition.TopLeft,
                LegendPlacement = LegendPlacement.Outside,
                LegendOrientation = LegendOrientation.Horizontal,
            }
        );

        plot.Series.Add(Line(results[0], "pages", moment => moment.Pages, OxyColors.Gray, title: null));
        foreach (var (index, result) in results.Index())
        {
            var colour = plot.DefaultColors[index];
            plot.Series.Add(Line(result, "containers", moment => moment.Replicas, colour, result.Scaler));
            plot.Series.Add(Line(result, "latency", moment => moment.Latency, colour, title: null));
        }

        return new SvgExporter { Width = Width, Height = Height }.ExportToString(plot);
    }

    private static Axis Vertical(string key, string title, double from, double to, Axis axis)
    {
        (axis.Position, axis.Key, axis.Title, axis.StartPosition, axis.EndPosition, axis.MajorGridlineStyle) = (
            AxisPosition.Left,
            key,
            title,
            from,
            to,
            LineStyle.Dot
        );
        return axis;
    }

    private static LineSeries Line(
        SimulationResult result,
        string axis,
        Func<SimulatedMoment, double> value,
        OxyColor colour,
        string? title
    )
    {
        var line = new LineSeries
        {
            YAxisKey = axis,
            Color = colour,
            StrokeThickness = 1,
            Title = title,
            RenderInLegend = title is not null,
        };
        line.Points.AddRange(result.Moments.Select(moment => new DataPoint(moment.At.TotalHours, value(moment))));
        return line;
    }
}
