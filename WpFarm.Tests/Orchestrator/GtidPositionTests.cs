using WpFarm.Orchestrator.Database;

namespace WpFarm.Tests.Orchestrator;

public sealed class GtidPositionTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("1-1-5", "", true)]
    [InlineData("", "1-1-5", false)]
    [InlineData("1-1-5", "1-1-5", true)]
    [InlineData("1-1-5", "1-2-4", true)]
    [InlineData("1-1-4", "1-1-5", false)]
    [InlineData("1-1-9", "1-1-5,2-2-1", false)]
    [InlineData("1-1-5,2-2-1", "2-2-1", true)]
    [InlineData("0-1-18446744073709551615", "0-1-1", true)]
    public void Covers_when_nothing_is_missing_in_any_domain(string mine, string theirs, bool covers) =>
        Assert.Equal(covers, GtidPosition.Parse(mine).Covers(GtidPosition.Parse(theirs)));

    [Fact]
    public void With_takes_the_later_of_each_domain() =>
        Assert.Equal("1-1-7,2-2-3,3-3-1", GtidPosition.Parse("1-1-7,2-2-2").With(GtidPosition.Parse("1-1-5,2-2-3,3-3-1")).ToString());

    [Fact]
    public void Parts_can_be_left_out()
    {
        Assert.Equal("2-2-2", GtidPosition.Parse("1-1-7,2-2-2").Of(2).ToString());
        Assert.Equal("1-1-7", GtidPosition.Parse("1-1-7,2-2-2").Without(2).ToString());
        Assert.Equal("1-1-7,2-2-2", GtidPosition.Parse("1-1-7,2-2-2,11-11-3").OfPrimaries.ToString());
    }

    [Fact]
    public void Positions_are_equal_when_each_covers_the_other()
    {
        Assert.Equal(GtidPosition.Parse("2-2-2, 1-1-7"), GtidPosition.Parse("1-1-7,2-2-2"));
        Assert.NotEqual(GtidPosition.Parse("1-1-7"), GtidPosition.Parse("1-1-7,2-2-2"));
    }

    [Theory]
    [InlineData("1-1")]
    [InlineData("a-1-1")]
    [InlineData("1-1-1-1")]
    public void Nonsense_is_no_position(string text) => Assert.Throws<FormatException>(() => GtidPosition.Parse(text));
}
