namespace WpFarm.Topology.Diagram;

/// <summary>A rectangle of the picture, in pixels from its top left corner.</summary>
internal readonly record struct Rect(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public double MiddleX => X + (Width / 2);

    public double MiddleY => Y + (Height / 2);

    public bool Overlaps(Rect other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;

    public bool Contains(Rect other) => X <= other.X && other.Right <= Right && Y <= other.Y && other.Bottom <= Bottom;

    public Rect MoveDown(double by) => this with { Y = Y + by };

    public Rect Grow(double by) => new(X - by, Y - by, Width + (2 * by), Height + (2 * by));

    /// <summary>The smallest rectangle around all of them.</summary>
    public static Rect Around(IReadOnlyCollection<Rect> all)
    {
        var (x, y) = (all.Min(r => r.X), all.Min(r => r.Y));
        return new(x, y, all.Max(r => r.Right) - x, all.Max(r => r.Bottom) - y);
    }
}

internal readonly record struct Point(double X, double Y);

/// <summary>One kind of service as a box, or something outside the farm (<see cref="Content"/> without services).</summary>
internal sealed record Box(BoxContent Content, Rect Area);

/// <summary>A layer as a band behind its boxes.</summary>
/// <param name="IsAside">It stands beside the path of a request, with its name above its boxes.</param>
internal sealed record Band(Layer Layer, Rect Area, bool IsAside, IReadOnlyList<Box> Boxes)
{
    public Band MoveDown(double by) =>
        this with
        {
            Area = Area.MoveDown(by),
            Boxes = [.. Boxes.Select(box => box with { Area = box.Area.MoveDown(by) })],
        };
}

internal enum ArrowStyle
{
    /// <summary>A visitor's request, and what serves it.</summary>
    Request,

    Replication,

    /// <summary>Uploads and backups on their way to storage.</summary>
    Data,

    /// <summary>What the Orchestrator changes.</summary>
    Control,
}

/// <summary>A line of horizontal and vertical pieces, with a head at its end.</summary>
internal sealed record Arrow(string From, string To, ArrowStyle Style, IReadOnlyList<Point> Points)
{
    /// <summary>The text beside it; empty: none.</summary>
    public string Label { get; init; } = "";

    public bool IsTwoWay { get; init; }

    /// <summary>Where the label stands.</summary>
    public Rect LabelArea { get; init; }
}
