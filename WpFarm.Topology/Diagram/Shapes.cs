namespace WpFarm.Topology.Diagram;

/// <summary>A rectangle of the picture, in pixels from its top left corner.</summary>
internal readonly record struct Rect(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public double MiddleY => Y + (Height / 2);

    public bool Overlaps(Rect other) => X < other.Right && other.X < Right && Y < other.Bottom && other.Y < Bottom;

    public bool Contains(Rect other) => X <= other.X && other.Right <= Right && Y <= other.Y && other.Bottom <= Bottom;

    public Rect MoveDown(double by) => this with { Y = Y + by };

    public Rect Grow(double by) => new(X - by, Y - by, Width + (2 * by), Height + (2 * by));

    /// <summary>The smallest rectangle that contains all of the rectangles.</summary>
    public static Rect Around(IReadOnlyCollection<Rect> all)
    {
        var (x, y) = (all.Min(r => r.X), all.Min(r => r.Y));
        return new(x, y, all.Max(r => r.Right) - x, all.Max(r => r.Bottom) - y);
    }
}

internal readonly record struct Point(double X, double Y);

/// <summary>A box for one kind of service, or for something that is not a service; <see cref="Content"/> then has no services.</summary>
internal sealed record Box(BoxContent Content, Rect Area);

/// <summary>A layer as a band behind its boxes.</summary>
/// <param name="IsAside">True for a band beside the path of a request, with its name above its boxes.</param>
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
    /// <summary>The path of a visitor's request.</summary>
    Request,

    Replication,

    /// <summary>Uploads and backups on their way to storage.</summary>
    Data,

    /// <summary>Control by the Orchestrator.</summary>
    Control,
}

/// <summary>An arrow of horizontal and vertical pieces.</summary>
internal sealed record Arrow(string From, string To, ArrowStyle Style, IReadOnlyList<Point> Points)
{
    /// <summary>Text of the label. Empty if there is none.</summary>
    public string Label { get; init; } = "";

    public bool IsTwoWay { get; init; }

    /// <summary>Area of the label.</summary>
    public Rect LabelArea { get; init; }
}
