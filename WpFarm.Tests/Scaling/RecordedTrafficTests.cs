using WpFarm.Scaling.Simulation;

namespace WpFarm.Tests.Scaling;

public sealed class RecordedTrafficTests
{
    [Fact]
    public void A_line_holds_until_the_next_one()
    {
        var (traffic, problems) = RecordedTraffic.Read("a.csv", "seconds,pages,databaseMs\n0,10,20\n30,30,40\n");

        Assert.Empty(problems);
        Assert.Equal(
            [.. Enumerable.Repeat(new TrafficSecond(10, 20), 30), .. Enumerable.Repeat(new TrafficSecond(30, 40), 30)],
            traffic!.Seconds
        );
    }

    [Fact]
    public void The_database_may_be_left_out() =>
        Assert.Equal(new TrafficSecond(5, Traffic.UsualDatabaseMs), RecordedTraffic.Read("a.csv", "0,5\n60,5").Traffic!.Seconds[0]);

    [Theory]
    [InlineData("0,5\n1,x", "line 2: '1,x' is invalid. Write seconds,pages")]
    [InlineData("0,5\n1,-5", "line 2: '1,-5' is invalid. Write seconds,pages")]
    [InlineData("0,5\n1", "line 2: '1' is invalid. Write seconds,pages")]
    [InlineData("5,5\n5,6", "line 2: second 5 must be after the line before")]
    [InlineData("0,5\n99999999,6", "line 2: second 99999999 must be after the line before, and within 31 days")]
    [InlineData("0,5\n1,5", "has 2 s of traffic. Record at least 60 s.")]
    [InlineData("", "has fewer than two lines")]
    public void What_is_wrong_is_told_with_its_line(string text, string message)
    {
        var (traffic, problems) = RecordedTraffic.Read("a.csv", text);

        Assert.Null(traffic);
        Assert.StartsWith(message, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }
}
