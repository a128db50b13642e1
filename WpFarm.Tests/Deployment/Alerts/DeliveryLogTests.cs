using WpFarm.Deployment.Alerts;

namespace WpFarm.Tests.Deployment.Alerts;

public sealed class DeliveryLogTests
{
    /// <summary>Lines of Alertmanager 0.28.1.</summary>
    private const string Log = """
        time=2026-11-29T20:51:36.428Z level=INFO source=tls_config.go:356 msg="TLS is disabled." http2=false
        time=2026-11-29T20:51:38Z level=WARN msg="Notify attempt failed" receiver=hook integration=webhook[0] attempts=1 err="refused"
        time=2026-11-29T20:51:39Z level=WARN receiver=hook integration=webhook[0] aggrGroup="{}:{a=\"b\"}" err="Post \"<redacted>\": dial"
        time=2026-11-29T20:51:38.722Z level=WARN receiver=oncall integration=email[0] aggrGroup="{}" attempts=1 err="550 no such user"
        """;

    [Theory]
    [InlineData("hook", "Post \"<redacted>\": dial")]
    [InlineData("oncall", "550 no such user")]
    [InlineData("chat", null)]
    public void The_reason_of_a_receiver_is_in_the_log(string receiver, string? reason) =>
        Assert.Equal(reason, DeliveryLog.Reason(Log, receiver));
}
