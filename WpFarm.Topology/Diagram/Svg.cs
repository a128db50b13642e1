using System.Globalization;
using System.Xml.Linq;

namespace WpFarm.Topology.Diagram;

/// <summary>The few elements of SVG that the <see cref="Picture"/> uses.</summary>
internal static class Svg
{
    public static XNamespace Namespace { get; } = "http://www.w3.org/2000/svg";

    public static XElement Rectangle(Rect area, double radius, string fill, string stroke) =>
        new(
            Namespace + "rect",
            new XAttribute("x", Number(area.X)),
            new XAttribute("y", Number(area.Y)),
            new XAttribute("width", Number(area.Width)),
            new XAttribute("height", Number(area.Height)),
            new XAttribute("rx", Number(radius)),
            new XAttribute("fill", fill),
            new XAttribute("stroke", stroke)
        );

    public static XElement Text(string text, double x, double y, double size, string colour, bool bold = false) =>
        new(
            Namespace + "text",
            new XAttribute("x", Number(x)),
            new XAttribute("y", Number(y)),
            new XAttribute("font-size", Number(size)),
            bold ? new XAttribute("font-weight", "600") : null,
            new XAttribute("fill", colour),
            text
        );

    public static XElement Polyline(IReadOnlyList<Point> points, string colour, double width) =>
        new(
            Namespace + "polyline",
            new XAttribute("points", string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", colour),
            new XAttribute("stroke-width", Number(width))
        );

    public static XElement Circle(double x, double y, double radius, string fill) =>
        new(
            Namespace + "circle",
            new XAttribute("cx", Number(x)),
            new XAttribute("cy", Number(y)),
            new XAttribute("r", Number(radius)),
            new XAttribute("fill", fill),
            new XAttribute("stroke", "#ffffff")
        );

    public static string Number(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}
