using System.Xml.Linq;
using FsCheck.Xunit;
using WpFarm.Topology;
using WpFarm.Topology.Diagram;

namespace WpFarm.Tests.Topology.Diagram;

/// <summary>The picture of any farm is complete and can be read.</summary>
[Properties(Arbitrary = [typeof(FarmGenerator)], MaxTest = 100)]
public sealed class PictureTests
{
    [Generated]
    public void Every_layer_has_a_band(Farm farm)
    {
        var bands = PictureLayout.Of(farm).Bands.Select(band => band.Layer).ToHashSet();

        Assert.All(farm.Services, service => Assert.Contains(service.Layer, bands));
        Assert.Contains(Layer.Edge, bands);
    }

    [Generated]
    public void Every_service_is_in_one_box_of_its_layer(Farm farm)
    {
        var bands = PictureLayout.Of(farm).Bands;

        Assert.All(farm.Services.Concat(farm.Omitted.Select(omission => omission.Service)), service =>
        {
            var band = Assert.Single(bands, band => band.Boxes.Any(box => box.Content.Services.Contains(service)));
            Assert.Equal(service.Layer, band.Layer);
            Assert.Single(band.Boxes, box => box.Content.Services.Contains(service));
        });
    }

    [Generated]
    public void No_two_boxes_and_no_two_bands_overlap(Farm farm)
    {
        var layout = PictureLayout.Of(farm);

        AssertApart([.. layout.Boxes.Select(box => (box.Content.Id, box.Area))]);
        AssertApart([.. layout.Bands.Select(band => (band.Layer.ToString(), band.Area))]);
        Assert.All(layout.Bands, band => Assert.All(band.Boxes, box => Assert.True(band.Area.Contains(box.Area), box.Content.Id)));
    }

    [Generated]
    public void The_frame_of_the_pools_holds_pools_only(Farm farm)
    {
        var layout = PictureLayout.Of(farm);

        Assert.Equal(
            layout.PoolBoxes.Select(box => box.Content.Id),
            layout.Boxes.Where(box => box.Area.Overlaps(layout.Pools!.Value)).Select(box => box.Content.Id)
        );
    }

    [Generated]
    public void No_text_is_wider_than_its_box(Farm farm) => Assert.All(PictureLayout.Of(farm).Boxes, box =>
        {
            var width = box.Area.Width - (2 * PictureLayout.Padding);
            Assert.All(TextMetric.Wrap(box.Content.Caption, width, PictureLayout.CaptionSize), line =>
                Assert.True(TextMetric.Width(line, PictureLayout.CaptionSize) <= width, $"{box.Content.Id}: {line}")
            );
        });

    [Generated]
    public void No_arrow_crosses_a_box(Farm farm)
    {
        var layout = PictureLayout.Of(farm);

        Assert.All(PictureArrows.Of(layout), arrow =>
        {
            var pieces = arrow.Points.Zip(arrow.Points.Skip(1)).Select(piece => Line(piece.First, piece.Second));
            Assert.All(layout.Boxes, box =>
                Assert.False(pieces.Any(piece => piece.Overlaps(box.Area.Grow(-1))), $"{arrow.From} → {arrow.To}: {box.Content.Id}")
            );
        });
    }

    [Generated]
    public void Labels_of_arrows_overlap_no_box_and_no_other_label(Farm farm)
    {
        var layout = PictureLayout.Of(farm);
        var labels = PictureArrows.Of(layout).Where(arrow => arrow.Label.Length > 0).Select(arrow => (arrow.Label, arrow.LabelArea));

        AssertApart([.. labels, .. layout.Boxes.Select(box => (box.Content.Id, box.Area))]);
    }

    [Generated]
    public void It_is_well_formed(Farm farm)
    {
        var root = XElement.Parse(Picture.Write(farm));

        Assert.Equal(Svg.Namespace + "svg", root.Name);
    }

    private static Rect Line(Point from, Point to) => Rect.Around([new(from.X, from.Y, 0, 0), new(to.X, to.Y, 0, 0)]);

    private static void AssertApart(IReadOnlyList<(string Name, Rect Area)> all)
    {
        foreach (var (index, one) in all.Index())
        foreach (var other in all.Skip(index + 1))
            Assert.False(one.Area.Overlaps(other.Area), $"{one.Name} and {other.Name} overlap.");
    }
}
