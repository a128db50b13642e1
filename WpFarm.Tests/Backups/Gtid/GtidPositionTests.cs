using WpFarm.Backups.Gtid;

namespace WpFarm.Tests.Backups.Gtid;

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

    [Theory]
    [InlineData("1-1-5,2-2-9", "1-1-5", true)]
    [InlineData("1-1-6", "1-1-5,2-2-1", false)]
    [InlineData("2-2-9", "1-1-5", true)]
    public void Is_within_a_target_unless_it_is_later_in_a_domain_of_the_target(string mine, string target, bool within) =>
        Assert.Equal(within, GtidPosition.Parse(mine).IsWithin(GtidPosition.Parse(target)));

    [Fact]
    public void With_takes_the_later_of_each_domain() =>
        Assert.Equal("1-1-7,2-2-3,3-3-1", GtidPosition.Parse("1-1-7,2-2-2").With(GtidPosition.Parse("1-1-5,2-2-3,3-3-1")).ToString());

    [Fact]
    public void Common_takes_the_earlier_of_each_domain_that_both_have() =>
        Assert.Equal("1-1-5,2-2-2", GtidPosition.Parse("1-1-7,2-2-2,3-3-1").Common(GtidPosition.Parse("1-1-5,2-2-3")).ToString());

    [Fact]
    public void UpTo_goes_back_in_one_domain_and_never_forward()
    {
        Assert.Equal("1-1-5,2-2-2", GtidPosition.Parse("1-1-7,2-2-2").UpTo(1, 5).ToString());
        Assert.Equal("1-1-7,2-2-2", GtidPosition.Parse("1-1-7,2-2-2").UpTo(1, 9).ToString());
    }

    [Theory]
    [InlineData("1-1-7,2-2-2", "1-1-7,2-2-2", 0)]
    [InlineData("1-1-7", "1-1-9,2-2-3", 5)]
    [InlineData("1-1-9,2-2-3", "1-1-7", 0)]
    public void Behind_counts_the_numbers_that_are_missing_in_every_domain(string mine, string theirs, ulong behind) =>
        Assert.Equal(behind, GtidPosition.Parse(mine).Behind(GtidPosition.Parse(theirs)));

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
    [InlineData("1-1--1")]
    [InlineData("4294967296-1-1")]
    [InlineData("0-1-18446744073709551616")]
    public void Nonsense_is_no_position(string text) => Assert.Throws<FormatException>(() => GtidPosition.Parse(text));
}
