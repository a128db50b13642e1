namespace WpFarm.Topology.Diagram;

/// <summary>Routes arrows around boxes: between two rows, and through a gap between two boxes of a row.</summary>
internal sealed class ArrowRouter(IEnumerable<Rect> boxes)
{
    private readonly List<IReadOnlyList<Rect>> _rows =
    [
        .. boxes.GroupBy(box => box.Y).OrderBy(row => row.Key).Select(row => (IReadOnlyList<Rect>)[.. row.OrderBy(box => box.X)]),
    ];

    /// <summary>The points of an arrow. Between boxes of one row, the arrow runs above the row.</summary>
    /// <param name="fromX">Start of the arrow on the edge of its box.</param>
    /// <param name="toX">End of the arrow on the edge of its box.</param>
    /// <param name="lane">Height of the horizontal piece between two rows, from 0 (top) to 1.</param>
    public IReadOnlyList<Point> Route(Rect from, Rect to, double fromX, double toX, double lane)
    {
        var down = to.Y >= from.Bottom;
        var points = new List<Point> { new(fromX, down ? from.Bottom : from.Y) };
        var (space, last) = down ? (LastRowOf(from), FirstRowOf(to) - 1) : (FirstRowOf(from) - 1, LastRowOf(to));
        if (to.Y == from.Y)
            last = space;
        for (; space != last; space += down ? 1 : -1)
            Turn(points, Gap(_rows[down ? space + 1 : space], fromX, toX), LaneY(space, lane));
        Turn(points, toX, LaneY(space, lane));
        points.Add(new(toX, down || to.Y == from.Y ? to.Y : to.Bottom));
        return points;
    }

    private static void Turn(List<Point> points, double x, double y)
    {
        if (Math.Abs(points[^1].X - x) < 0.5)
            return;
        points.Add(new(points[^1].X, y));
        points.Add(new(x, y));
    }

    /// <summary>The gap of a row with the shortest way: left of the first box, or between two boxes.</summary>
    private static double Gap(IReadOnlyList<Rect> row, double fromX, double toX) =>
        row.Zip(row.Skip(1))
            .Select(pair => (pair.First.Right + pair.Second.X) / 2)
            .Prepend(row[0].X - 6)
            .MinBy(x => Math.Abs(x - fromX) + Math.Abs(x - toX));

    /// <summary>Height of a lane in the space below a row.</summary>
    private double LaneY(int row, double lane)
    {
        var (top, bottom) = (_rows[row].Max(box => box.Bottom), _rows[row + 1][0].Y);
        return top + ((bottom - top) * lane);
    }

    private int FirstRowOf(Rect area) => _rows.FindIndex(row => row[0].Bottom > area.Y);

    private int LastRowOf(Rect area) => _rows.FindLastIndex(row => row[0].Y < area.Bottom);
}
