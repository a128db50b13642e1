using System.Xml.Linq;

namespace WpFarm.Topology.Diagram;

/// <summary>
/// Draws the farm as SVG, for readers who see it for the first time: a band per layer, a box per kind of service, a dot per network, and
/// few arrows. <see cref="Mermaid"/> has every service and every call.
/// </summary>
public static class Picture
{
    private const string Fonts = "-apple-system, 'Segoe UI', 'Liberation Sans', Helvetica, Arial, sans-serif";
    private const double LegendHeight = 58;

    /// <summary>Colours that colour-blind readers can distinguish (Okabe and Ito), in the order of <see cref="Network.All"/>.</summary>
    private static readonly IReadOnlyList<string> s_networkColours =
    [
        "#d55e00",
        "#0072b2",
        "#009e73",
        "#e69f00",
        "#8c8c8c",
        "#cc79a7",
        "#56b4e9",
        "#f0e442",
    ];

    public static string Write(Farm farm)
    {
        var layout = PictureLayout.Of(farm);
        var height = layout.Bottom + LegendHeight + PictureLayout.Margin;
        var root = new XElement(
            Svg.Namespace + "svg",
            new XAttribute("viewBox", $"0 0 {Svg.Number(PictureLayout.Width)} {Svg.Number(height)}"),
            new XAttribute("width", Svg.Number(PictureLayout.Width)),
            new XAttribute("height", Svg.Number(height)),
            new XAttribute("role", "img"),
            new XAttribute("font-family", Fonts),
            new XElement(Svg.Namespace + "title", "The services of the farm, by layer"),
            new XElement(Svg.Namespace + "defs", Enum.GetValues<ArrowStyle>().Select(Head)),
            Svg.Rectangle(new(0.5, 0.5, PictureLayout.Width - 1, height - 1), 12, "#ffffff", "#d0d7de"),
            layout.Bands.SelectMany(Of),
            layout.Pools is { } pools ? Frame(pools) : null,
            Title(farm),
            PictureArrows.Of(layout).SelectMany(Of),
            layout.Boxes.SelectMany(Of),
            Legend(layout.Bottom + 16)
        );
        return root + "\n";
    }

    /// <summary>The title, to the right of the edge's band.</summary>
    private static IEnumerable<XElement> Title(Farm farm)
    {
        var x = PictureLayout.HalfRight + 22;
        yield return Svg.Text("A farm, drawn from its model", x, PictureLayout.Margin + 30, 19, "#1f2933", bold: true);
        yield return Svg.Text(
            $"{farm.Services.Count} services on {Network.All.Count} networks, in {Enum.GetValues<Layer>().Length} layers",
            x,
            PictureLayout.Margin + 52,
            13,
            "#55626f"
        );
    }

    private static IEnumerable<XElement> Of(Band band)
    {
        yield return Svg.Rectangle(band.Area, 8, "#f3f6f9", "#e1e7ed");
        var name = NameOf(band.Layer);
        if (band.IsAside)
            yield return Svg.Text(name, band.Area.X + 14, band.Area.Y + 19, 12, "#44515e", bold: true);
        else
            foreach (var (index, line) in name.Split(' ').Index())
                yield return Svg.Text(line, band.Area.X + 14, band.Area.Y + 28 + (index * 15), 12, "#44515e", bold: true);
    }

    private static IEnumerable<XElement> Of(Box box)
    {
        var (content, area) = (box.Content, box.Area);
        var outside = content.Services.Count == 0;
        var rectangle = Svg.Rectangle(area, outside ? 14 : 5, outside ? "#eaf2fb" : "#ffffff", outside ? "#7aa7d6" : "#9aa7b4");
        if (content.IsJob)
            rectangle.Add(new XAttribute("stroke-dasharray", "4 3"));
        yield return rectangle;
        var left = area.X + PictureLayout.Padding;
        var y = area.Y + PictureLayout.Padding + 10;
        var fits = area.Width - (2 * PictureLayout.Padding);
        yield return Svg.Text(content.Title, left, y, TitleSize(content.Title, fits), "#1f2933", bold: true);
        foreach (var line in TextMetric.Wrap(content.Caption, fits, PictureLayout.CaptionSize))
            yield return Svg.Text(line, left, y += PictureLayout.LineHeight, PictureLayout.CaptionSize, "#55626f");
        foreach (var (index, network) in content.Networks.Index())
            yield return Dot(area.Right - 12 - ((content.Networks.Count - 1 - index) * 12), area.Bottom, network);
    }

    /// <summary>A smaller font size for a long title, such as that of a tier with a long name.</summary>
    private static double TitleSize(string title, double fits) =>
        Math.Min(PictureLayout.TitleSize, PictureLayout.TitleSize * fits / TextMetric.Width(title, PictureLayout.TitleSize, bold: true));

    private static XElement Frame(Rect area)
    {
        var frame = Svg.Rectangle(area, 8, "none", ColourOf(ArrowStyle.Request));
        frame.Add(new XAttribute("stroke-opacity", "0.6"));
        return frame;
    }

    private static IEnumerable<XElement> Of(Arrow arrow)
    {
        yield return Line(arrow.Points, arrow.Style, arrow.IsTwoWay);
        if (arrow.Label.Length > 0)
            yield return Svg.Text(
                arrow.Label,
                arrow.LabelArea.X,
                arrow.LabelArea.Bottom - 1,
                PictureLayout.LabelSize,
                ColourOf(arrow.Style)
            );
    }

    private static XElement Line(IReadOnlyList<Point> points, ArrowStyle style, bool isTwoWay = false)
    {
        var line = Svg.Polyline(points, ColourOf(style), width: style is ArrowStyle.Request ? 2 : 1.6);
        if (style is ArrowStyle.Control)
            line.Add(new XAttribute("stroke-dasharray", "5 3"));
        if (isTwoWay)
            line.Add(new XAttribute("marker-start", $"url(#{style})"));
        line.Add(new XAttribute("marker-end", $"url(#{style})"));
        return line;
    }

    private static XElement Head(ArrowStyle style) =>
        new(
            Svg.Namespace + "marker",
            new XAttribute("id", style),
            new XAttribute("viewBox", "0 0 8 8"),
            new XAttribute("refX", "7.5"),
            new XAttribute("refY", "4"),
            new XAttribute("markerWidth", "8"),
            new XAttribute("markerHeight", "8"),
            new XAttribute("markerUnits", "userSpaceOnUse"),
            new XAttribute("orient", "auto-start-reverse"),
            new XElement(Svg.Namespace + "path", new XAttribute("d", "M0,0 L8,4 L0,8 z"), new XAttribute("fill", ColourOf(style)))
        );

    private static IEnumerable<XElement> Legend(double y)
    {
        var x = PictureLayout.Margin + 14;
        foreach (var style in Enum.GetValues<ArrowStyle>())
        {
            var text = MeaningOf(style);
            yield return Line([new(x, y + 6), new(x + 28, y + 6)], style);
            yield return Svg.Text(text, x + 36, y + 10, PictureLayout.CaptionSize, "#44515e");
            x += 36 + TextMetric.Width(text, PictureLayout.CaptionSize) + 26;
        }

        x = PictureLayout.Margin + 14;
        yield return Svg.Text("Networks:", x, y + 36, PictureLayout.CaptionSize, "#44515e", bold: true);
        x += 66;
        foreach (var network in Network.All)
        {
            yield return Dot(x + 4, y + 32, network);
            yield return Svg.Text(network.Name, x + 13, y + 36, PictureLayout.CaptionSize, "#44515e");
            x += 13 + TextMetric.Width(network.Name, PictureLayout.CaptionSize) + 18;
        }

        yield return Svg.Text(
            "Services that share no network cannot reach each other.",
            x + 4,
            y + 36,
            PictureLayout.CaptionSize,
            "#44515e"
        );
        yield return Svg.Text("Dashed box: a job, which runs and exits.", x + 320, y + 36, PictureLayout.CaptionSize, "#44515e");
    }

    private static XElement Dot(double x, double y, Network network) =>
        Svg.Circle(x, y, 4.5, s_networkColours[Network.All.Index().First(known => known.Item == network).Index]);

    private static string NameOf(Layer layer) => layer is Layer.ReverseProxy ? "Reverse proxy" : layer.ToString();

    private static string ColourOf(ArrowStyle style) =>
        style switch
        {
            ArrowStyle.Request => "#0969da",
            ArrowStyle.Replication => "#1a7f37",
            ArrowStyle.Data => "#9a6700",
            _ => "#8250df",
        };

    private static string MeaningOf(ArrowStyle style) =>
        style switch
        {
            ArrowStyle.Request => "a visitor's request",
            ArrowStyle.Replication => "replication",
            ArrowStyle.Data => "uploads and backups",
            _ => "control by the Orchestrator",
        };
}
