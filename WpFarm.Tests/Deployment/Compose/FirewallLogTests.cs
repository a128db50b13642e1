using WpFarm.Deployment.Compose;

namespace WpFarm.Tests.Deployment.Compose;

public sealed class FirewallLogTests
{
    private const string Line = """
        {"transaction":{"client_ip":"203.0.113.7","time_stamp":"Tue Dec  1 08:04:03 2026","unique_id":"blog-5c39fe11",
        "request":{"method":"GET","http_version":1.1,"uri":"/?x=1"},"response":{"http_code":403},
        "messages":[
        {"message":"XSS Filter","details":{"match":"…","ruleId":"941110","data":"Matched Data: <script> found within ARGS:x: 1"}},
        {"message":"Inbound Anomaly Score Exceeded (Total Score: 5)","details":{"match":"…","ruleId":"949110","data":""}}]}}
        """;

    [Fact]
    public void A_finding_has_its_request_and_the_rules_that_can_be_left_out()
    {
        var finding = FirewallLog.TryParse(Line.ReplaceLineEndings(""))!;

        Assert.Equal(
            ("blog-5c39fe11", new DateTimeOffset(2026, 12, 1, 8, 4, 3, TimeSpan.Zero), "203.0.113.7", "GET", "/?x=1", 403),
            (finding.Number, finding.At, finding.Client, finding.Method, finding.Path, finding.Status)
        );
        Assert.Equal([new(941110, "XSS Filter", "Matched Data: <script> found within ARGS:x: 1")], finding.Rules);
    }

    [Theory]
    [InlineData("""{"time":"2026-12-01T08:04:03+00:00","site":"blog","status":200}""")]
    [InlineData("farm-wordpress: draining for 5 s")]
    [InlineData("""{"transaction":{"client_ip":"203.0.113.7","time_st""")]
    [InlineData("")]
    public void Other_lines_of_the_log_and_lines_that_the_engine_has_cut_are_no_findings(string line) =>
        Assert.Null(FirewallLog.TryParse(line));
}
