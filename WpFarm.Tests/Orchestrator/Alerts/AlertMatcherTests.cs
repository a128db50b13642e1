using WpFarm.Orchestrator.Alerts;

namespace WpFarm.Tests.Orchestrator.Alerts;

public sealed class AlertMatcherTests
{
    [Theory]
    [InlineData("ReplicationLag", "alertname=\"ReplicationLag\"")]
    [InlineData("service=redis-1", "service=\"redis-1\"")]
    [InlineData("severity!=critical", "severity!=\"critical\"")]
    [InlineData("tier=~\"gold|silver\"", "tier=~\"gold|silver\"")]
    [InlineData("tier!~gold.*", "tier!~\"gold.*\"")]
    [InlineData("summary=a=b", "summary=\"a=b\"")]
    public void A_text_is_a_condition_on_a_label(string text, string matcher) =>
        Assert.Equal(matcher, AlertMatcher.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("redis-1")]
    [InlineData("service=")]
    [InlineData("a-b=c")]
    [InlineData("tier=~(gold")]
    public void Another_text_is_none(string text) => Assert.Null(AlertMatcher.Parse(text));
}
