using WpFarm.Topology.Layers.Backups;
using WpFarm.Topology.Layers.Caching;
using WpFarm.Topology.Layers.Database;
using WpFarm.Topology.Layers.Management;
using WpFarm.Topology.Layers.ReverseProxy;
using WpFarm.Topology.Layers.Storage;

namespace WpFarm.Topology.Diagram;

/// <summary>
/// The arrows of the <see cref="Picture"/>: the path of a request, replication, uploads and backups, and what the Orchestrator controls.
/// An arrow is drawn only when the model has the connection.
/// </summary>
internal sealed class PictureArrows
{
    private const string Pools = "pools";
    private const string RedisNodes = "redis";
    private const string Primaries = "mariadb-p";
    private const string Replicas = "mariadb-r";

    private readonly PictureLayout _layout;
    private readonly ArrowRouter _router;
    private readonly List<Arrow> _arrows = [];

    private PictureArrows(PictureLayout layout)
    {
        _layout = layout;
        _router = new(layout.Bands.Where(band => !band.IsAside).SelectMany(band => band.Boxes.Select(box => box.Area)));
    }

    public static IReadOnlyList<Arrow> Of(PictureLayout layout)
    {
        var arrows = new PictureArrows(layout);
        arrows.DrawRequests();
        arrows.DrawData();
        arrows.DrawControl();
        return arrows._arrows;
    }

    private void DrawRequests()
    {
        var entrance = _layout.Bands.Single(band => band.Layer is Layer.ReverseProxy).Boxes[0].Content.Id;
        Across(PictureLayout.Visitors, PictureLayout.Cloudflare, ArrowStyle.Request);
        Around(PictureLayout.Cloudflare, entrance, ArrowStyle.Request, fromAt: 0.5);
        Around(entrance, Varnish.Name, ArrowStyle.Request, fromAt: 0.5);
        Around(Varnish.Name, HaProxy.Name, ArrowStyle.Request, fromAt: 0.85, toAt: 0.2, lane: 0.4, label: "misses");
        Around(HaProxy.Name, Pools, ArrowStyle.Request, fromAt: 0.4, lane: 0.65);
        Around(Pools, RedisNodes, ArrowStyle.Request);
        Around(Pools, Memcached.Name, ArrowStyle.Request);
        Around(Pools, DbProxy.Name, ArrowStyle.Request);
        Across(DbProxy.Name, Primaries, ArrowStyle.Request, label: "writes");
        Around(DbProxy.Name, Replicas, ArrowStyle.Request, fromAt: 0.85, label: "reads");
        Across(Primaries, Replicas, ArrowStyle.Replication);
        Loop(Primaries, ArrowStyle.Replication);
    }

    private void DrawData()
    {
        Around(Pools, PictureLayout.Uploads, ArrowStyle.Data, fromAt: 0.06, toAt: 0.15);
        Across(PictureLayout.Uploads, UploadsBackup.Name, ArrowStyle.Data);
        Across(UploadsBackup.Name, ObjectStorage.Name, ArrowStyle.Data);
    }

    private void DrawControl()
    {
        if (_layout.Find(Orchestrator.Name) is not { } orchestrator)
            return;
        Across(Orchestrator.Name, EngineProxy.Name, ArrowStyle.Control);
        if (orchestrator.Content.Services.Any(service => service.Scales))
            ToBand(orchestrator, Layer.Application, ArrowStyle.Control, "scales");
        ToBand(orchestrator, Layer.Database, ArrowStyle.Control, "roles");
        if (_layout.Find(ObjectStorage.Name) is { } store && orchestrator.Content.Calls(store.Content))
            _arrows.Add(Labelled(new(Orchestrator.Name, ObjectStorage.Name, ArrowStyle.Data, Level(orchestrator, store.Area)), "backups"));
    }

    private void ToBand(Box orchestrator, Layer layer, ArrowStyle style, string label)
    {
        var band = _layout.Bands.Single(band => band.Layer == layer);
        _arrows.Add(Labelled(new(orchestrator.Content.Id, layer.ToString(), style, Level(orchestrator, band.Area)), label));
    }

    /// <summary>A level line from the left side of a box to an area left of it.</summary>
    private static List<Point> Level(Box from, Rect to) => [new(from.Area.X, to.MiddleY), new(to.Right, to.MiddleY)];

    /// <summary>Draws an arrow between neighbours of a row.</summary>
    private void Across(string from, string to, ArrowStyle style, string label = "")
    {
        if (!AreConnected(from, to))
            return;
        var (start, end) = (AreaOf(from), AreaOf(to));
        var y = Math.Min(start.MiddleY, end.MiddleY);
        List<Point> points = start.X < end.X ? [new(start.Right, y), new(end.X, y)] : [new(start.X, y), new(end.Right, y)];
        _arrows.Add(Labelled(new(from, to, style, points), label));
    }

    /// <summary>Draws a loop below a box whose services call each other.</summary>
    private void Loop(string id, ArrowStyle style)
    {
        if (!AreConnected(id, id))
            return;
        var area = AreaOf(id);
        var (left, right, low) = (area.X + (area.Width * 0.25), area.X + (area.Width * 0.6), area.Bottom + 18);
        _arrows.Add(
            new(id, id, style, [new(left, area.Bottom), new(left, low), new(right, low), new(right, area.Bottom)]) { IsTwoWay = true }
        );
    }

    /// <summary>Draws an arrow between two rows, or over a row.</summary>
    /// <param name="fromAt">Start on the width of the box, from 0 to 1. Null: straight above or below the end of the arrow.</param>
    /// <param name="lane">Height of the horizontal piece between two rows, from 0 (top) to 1.</param>
    private void Around(
        string from,
        string to,
        ArrowStyle style,
        double? fromAt = null,
        double toAt = 0.5,
        double lane = 0.5,
        string label = ""
    )
    {
        if (!AreConnected(from, to))
            return;
        var (start, end) = (AreaOf(from), AreaOf(to));
        var toX = end.X + (end.Width * toAt);
        var fromX = fromAt is { } at ? start.X + (start.Width * at) : Math.Clamp(toX, start.X + 8, start.Right - 8);
        _arrows.Add(Labelled(new(from, to, style, _router.Route(start, end, fromX, toX, lane)), label));
    }

    /// <summary>Places the label above the middle of the longest horizontal piece.</summary>
    private static Arrow Labelled(Arrow arrow, string label)
    {
        if (label.Length == 0)
            return arrow;
        var (start, end) = arrow.Points.Zip(arrow.Points.Skip(1)).MaxBy(piece => Math.Abs(piece.First.X - piece.Second.X));
        var width = TextMetric.Width(label, PictureLayout.LabelSize);
        var height = PictureLayout.LabelSize;
        return arrow with { Label = label, LabelArea = new(((start.X + end.X) / 2) - (width / 2), start.Y - height - 3, width, height) };
    }

    private Rect AreaOf(string id) => id == Pools ? _layout.Pools!.Value : _layout.Find(id)!.Area;

    private IReadOnlyList<BoxContent> ContentsOf(string id) =>
        id == Pools ? _layout.PoolContents
        : _layout.Find(id) is { } box ? [box.Content]
        : [];

    /// <summary>
    /// True also without a call in the model for two cases: visitors from outside the farm, and volumes, which services mount.
    /// </summary>
    private bool AreConnected(string from, string to)
    {
        var (callers, called) = (ContentsOf(from), ContentsOf(to));
        return callers.Any(caller => called.Any(other => IsConnected(caller, other)));
    }

    private static bool IsConnected(BoxContent from, BoxContent to) =>
        (from.Id, to.Id) switch
        {
            (PictureLayout.Visitors or PictureLayout.Cloudflare, _) => true,
            (_, PictureLayout.Uploads) => from.Mounts(Volume.Uploads),
            (PictureLayout.Uploads, _) => to.Mounts(Volume.Uploads),
            (Primaries, Replicas) => to.Calls(from),
            _ => from.Calls(to),
        };
}
