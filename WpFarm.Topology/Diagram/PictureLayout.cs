using WpFarm.Topology.Layers.Application;
using WpFarm.Topology.Layers.Management;

namespace WpFarm.Topology.Diagram;

/// <summary>
/// The positions of all bands and boxes of the <see cref="Picture"/>. The layers that serve requests are bands below each other, with boxes
/// in four columns. Observability and management are beside them.
/// </summary>
internal sealed record PictureLayout(IReadOnlyList<Band> Bands, IReadOnlyList<Box> PoolBoxes)
{
    public const double Width = 1120;
    public const double Margin = 20;

    /// <summary>Vertical space between two bands, for arrows.</summary>
    public const double Gutter = 34;

    public const double ColumnGap = 36;
    public const double TitleSize = 12;
    public const double CaptionSize = 10.5;
    public const double LabelSize = 10;
    public const double LineHeight = 13;
    public const double Padding = 9;

    private const double LabelStrip = 86;
    private const double BoxWidth = 132;
    private const int Columns = 4;
    private const double BandPadding = 12;
    private const double FirstColumn = Margin + LabelStrip + BandPadding;
    private const double MainRight = FirstColumn + (Columns * BoxWidth) + ((Columns - 1) * ColumnGap) + BandPadding;
    private const double SideLeft = MainRight + 50;
    private const double SideWidth = Width - Margin - SideLeft;

    public const double HalfRight = FirstColumn + (2 * BoxWidth) + ColumnGap + BandPadding;
    private const double LabelHeight = 28;

    public const string Visitors = "visitors";
    public const string Cloudflare = "cloudflare";
    public const string Uploads = "uploads";

    private static readonly BoxContent s_visitors = new(Visitors, "Visitors", "of all sites", []);
    private static readonly BoxContent s_cloudflare = new(Cloudflare, "Cloudflare", "DNS, CDN, WAF: outside the farm", []);
    private static readonly BoxContent s_uploads = new(Uploads, "uploads", "Files of the sites: a volume or NFS", []);

    public IEnumerable<Box> Boxes => Bands.SelectMany(band => band.Boxes);

    /// <summary>The frame around the pools of all tiers.</summary>
    public Rect? Pools { get; } = PoolBoxes.Count == 0 ? null : Rect.Around([.. PoolBoxes.Select(box => box.Area)]).Grow(7);

    public IReadOnlyList<BoxContent> PoolContents { get; } = [.. PoolBoxes.Select(box => box.Content)];

    public double Bottom => Bands.Max(band => band.Area.Bottom);

    public Box? Find(string id) => Boxes.FirstOrDefault(box => box.Content.Id == id);

    public static PictureLayout Of(Farm farm)
    {
        var all = BoxContent.Of(farm);
        List<BoxContent> In(Layer layer) => all.FindAll(box => box.Layer == layer);
        bool IsPool(BoxContent box) => farm.Tiers.Any(tier => box.Id == Pool.Name(tier.Key));

        var observability = Observability(In(Layer.Observability));
        var upper = Stack(
            Margin,
            observability.Area.Bottom + Gutter,
            new(
                Layer.Edge,
                [
                    [s_visitors, s_cloudflare],
                ],
                HalfRight
            ),
            new(Layer.ReverseProxy, In(Layer.ReverseProxy).Chunk(Columns), HalfRight),
            new(Layer.Caching, In(Layer.Caching).Chunk(Columns), MainRight)
        );
        var lower = Stack(
            upper[^1].Area.Bottom + upper[1].Area.Y - upper[0].Area.Bottom,
            0,
            new(Layer.Application, PoolsFirst(In(Layer.Application), IsPool), MainRight),
            new(Layer.Database, In(Layer.Database).Chunk(Columns), MainRight),
            new(Layer.Storage, In(Layer.Storage).Prepend(s_uploads).Chunk(Columns), MainRight)
        );
        var security = Security(In(Layer.Security), upper[1].Area);
        var management = Management(In(Layer.Management), lower[0].Area.Y, lower[^1].Area.Bottom);
        return new(
            [.. upper, .. lower, security, management, .. observability.Boxes.Count > 0 ? [observability] : Array.Empty<Band>()],
            [.. lower[0].Boxes.Where(box => IsPool(box.Content))]
        );
    }

    /// <summary>
    /// Stacks bands from <paramref name="top"/>. Widens the gutters so that the last one ends at <paramref name="bottom"/> or below.
    /// </summary>
    private static List<Band> Stack(double top, double bottom, params IReadOnlyList<BandContent> contents)
    {
        var bands = contents.Select(Main).ToList();
        var gutter = Math.Max(Gutter, (bottom - top - bands.Sum(band => band.Area.Height)) / bands.Count);
        var y = top;
        return bands.ConvertAll(band =>
        {
            var moved = band.MoveDown(y);
            y = moved.Area.Bottom + gutter;
            return moved;
        });
    }

    /// <summary>
    /// Puts the pools first. If they need several rows, other boxes start a new row, so that a frame fits around the pools.
    /// </summary>
    private static IEnumerable<BoxContent[]> PoolsFirst(List<BoxContent> boxes, Func<BoxContent, bool> isPool) =>
        boxes.Count(isPool) <= Columns
            ? boxes.OrderByDescending(isPool).Chunk(Columns)
            : [.. boxes.Where(isPool).Chunk(Columns), .. boxes.Where(box => !isPool(box)).Chunk(Columns)];

    private static Band Main(BandContent content)
    {
        var boxes = Grid(content.Rows, FirstColumn, BandPadding, BoxWidth, ColumnGap, rowGap: 22);
        return new(content.Layer, new(Margin, 0, content.Right - Margin, HeightOf(boxes) + (2 * BandPadding)), false, boxes);
    }

    /// <summary>The band beside the reverse proxies.</summary>
    private static Band Security(List<BoxContent> contents, Rect proxies)
    {
        var left = proxies.Right + 22;
        var first = left + 74;
        var width = (MainRight - first - BandPadding - 14) / 2;
        var boxes = Grid(contents.Chunk(2), first, proxies.Y + BandPadding, width, 14, rowGap: 10);
        var area = new Rect(left, proxies.Y, MainRight - left, proxies.Height);
        return new(Layer.Security, area, false, Stretch(boxes, area.Height - (2 * BandPadding)));
    }

    private static Band Observability(List<BoxContent> contents)
    {
        const double gap = 12;
        var boxes = Grid(contents.Chunk(2), SideLeft + BandPadding, Margin + LabelHeight, HalfSide(gap), gap, rowGap: gap);
        var area = new Rect(SideLeft, Margin, SideWidth, LabelHeight + HeightOf(boxes) + BandPadding);
        return new(Layer.Observability, area, true, boxes);
    }

    /// <summary>
    /// The band beside the layers that the Orchestrator controls. Its box is as tall as they are, so that its arrows are level.
    /// </summary>
    private static Band Management(List<BoxContent> contents, double top, double bottom)
    {
        var width = HalfSide(gap: 30);
        var area = new Rect(SideLeft, top, SideWidth, bottom - top);
        var orchestrator = contents.Single(content => content.Id == Orchestrator.Name);
        var others = Grid(
            contents.Where(content => content != orchestrator).Chunk(1),
            area.Right - BandPadding - width,
            top + LabelHeight,
            width,
            0,
            rowGap: 12
        );
        var tall = new Box(orchestrator, new(SideLeft + BandPadding, top + LabelHeight, width, area.Height - LabelHeight - BandPadding));
        return new(Layer.Management, area, true, [tall, .. others]);
    }

    /// <summary>Places boxes of equal width in rows. The boxes of a row have the same height.</summary>
    private static List<Box> Grid(IEnumerable<BoxContent[]> rows, double x, double y, double width, double gap, double rowGap)
    {
        var boxes = new List<Box>();
        foreach (var row in rows)
        {
            var height = row.Max(content => HeightOf(content, width));
            boxes.AddRange(row.Select((content, column) => new Box(content, new(x + (column * (width + gap)), y, width, height))));
            y += height + rowGap;
        }

        return boxes;
    }

    private static List<Box> Stretch(List<Box> boxes, double height) =>
        boxes.ConvertAll(box => box with { Area = box.Area with { Height = height } });

    private static double HalfSide(double gap) => (SideWidth - (2 * BandPadding) - gap) / 2;

    private static double HeightOf(List<Box> boxes) => boxes.Count == 0 ? 0 : Rect.Around([.. boxes.Select(box => box.Area)]).Height;

    private static double HeightOf(BoxContent content, double width) =>
        (2 * Padding) + 13 + (TextMetric.Wrap(content.Caption, width - (2 * Padding), CaptionSize).Count * LineHeight);

    /// <param name="Right">Right edge of the band.</param>
    private readonly record struct BandContent(Layer Layer, IEnumerable<BoxContent[]> Rows, double Right);
}
