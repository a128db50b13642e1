using WpFarm.Orchestrator.Security;

namespace WpFarm.Tests.Orchestrator.Security;

public sealed class BanListTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("3h59m58.5s", 14398.5)]
    [InlineData("1m0s", 60)]
    [InlineData("850ms", 0.85)]
    [InlineData("-2h3m4s", 0)]
    public void A_duration_is_read_as_Go_writes_it(string duration, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BanList.Remaining(duration));

    [Fact]
    public void Decisions_that_have_ended_or_are_no_bans_are_left_out()
    {
        var alert = Alert(
            "wpfarm/login",
            events: 6,
            new("ban", "Ip", "203.0.113.7", "2h0m0s", "crowdsec", "wpfarm/login"),
            new("ban", "Ip", "203.0.113.8", "-1s", "crowdsec", "wpfarm/login"),
            new("captcha", "Ip", "203.0.113.9", "2h0m0s", "crowdsec", "wpfarm/login")
        );

        var ban = Assert.Single(BanList.Of([alert], s_now));

        Assert.Equal(new Ban("203.0.113.7", "crowdsec", "wpfarm/login", s_now.AddMinutes(-5), s_now.AddHours(2)), ban);
    }

    [Fact]
    public void An_IPv6_address_stands_for_its_64_and_a_persons_reason_is_shown()
    {
        var alert = Alert("person", events: 0, new CrowdSecDecision("ban", "Ip", "2a02:1:2:3::", "1h0m0s", "anna", "person"));

        var ban = Assert.Single(BanList.Of([alert], s_now));

        Assert.Equal(("2a02:1:2:3::/64", "anna", "a message"), (ban.Range, ban.By, ban.Reason));
    }

    [Fact]
    public void An_incident_has_some_of_its_requests_each_once()
    {
        var line = new CrowdSecEvent("", [new("http_verb", "GET"), new("target_fqdn", "shop.example.com"), new("http_path", "/.env")]);
        var alert = Alert("crowdsecurity/http-probing", events: 11) with { Events = [line, line] };

        var incident = Assert.Single(BanList.Incidents([alert], s_now));

        Assert.Equal("GET shop.example.com/.env", Assert.Single(incident.Examples));
        Assert.Equal((11, "crowdsec"), (incident.Requests, incident.By));
    }

    private static CrowdSecAlert Alert(string scenario, int events, params CrowdSecDecision[] decisions) =>
        new(scenario, "a message", events, "", "", new("Ip", "203.0.113.7"), decisions, []) { CreatedAt = s_now.AddMinutes(-5) };
}
