using WpFarm.Orchestrator.Alerts;
using WpFarm.Topology.Layers.Observability;

namespace WpFarm.Tests.Orchestrator.Alerts;

public sealed class AlertListTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_most_severe_is_first_and_of_these_the_oldest()
    {
        var status = Status(
            Alert("ReplicationLag", "warning", minute: 0),
            Alert("PoolDown", "critical", minute: 2),
            Alert("NodeLost", "critical", minute: 1)
        );

        Assert.Equal(["NodeLost", "PoolDown", "ReplicationLag"], status.Alerts.Select(alert => alert.Name));
    }

    [Fact]
    public void A_silenced_and_an_inhibited_alert_are_told_apart_from_one_that_fires()
    {
        var status = Status(
            Alert("A", "info", minute: 0) with
            {
                Status = new(["id"], []),
            },
            Alert("B", "info", minute: 1) with
            {
                Status = new([], ["fingerprint"]),
            },
            Alert("C", "info", minute: 2)
        );

        Assert.Equal([AlertState.Silenced, AlertState.Inhibited, AlertState.Firing], status.Alerts.Select(alert => alert.State));
    }

    [Fact]
    public void Tests_and_the_heartbeat_are_no_alerts_for_people()
    {
        Assert.Empty(Status(Alert(Alertmanager.TestAlert, "info", 0), Alert(Alertmanager.Heartbeat, "info", 0)).Alerts);
    }

    [Fact]
    public void A_receiver_that_is_not_told_is_a_problem()
    {
        Assert.Equal(["about AlertsNotDelivered"], Status(Alert(Alertmanager.NotDelivered, "critical", 0), Alert("B", "info", 0)).Problems);
    }

    [Fact]
    public void Nobody_is_no_receiver()
    {
        Assert.Equal(["chat"], Assert.Single(Status(Alert("A", "info", 0)).Alerts).Receivers);
    }

    private static AlertStatus Status(params SentAlert[] alerts) => AlertList.Of(alerts, ["chat"]);

    private static SentAlert Alert(string name, string severity, int minute) =>
        new(
            new Dictionary<string, string> { ["alertname"] = name, ["severity"] = severity },
            new Dictionary<string, string> { ["summary"] = $"about {name}" },
            s_noon.AddMinutes(minute),
            [new(Alertmanager.Nobody), new("chat")],
            new([], [])
        );
}
