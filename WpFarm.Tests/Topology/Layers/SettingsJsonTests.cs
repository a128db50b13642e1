using System.Text.Json.Nodes;
using WpFarm.Contracts.Settings;
using WpFarm.Topology.Layers;

namespace WpFarm.Tests.Topology.Layers;

public sealed class SettingsJsonTests
{
    private static readonly CronSettings s_cron = new() { Balancer = new("http://haproxy:8081") };

    [Fact]
    public void A_required_key_is_always_there_and_another_where_it_is_not_the_default()
    {
        Assert.Equal(["balancer"], Keys(s_cron));
        Assert.Equal(["balancer", "concurrency"], Keys(s_cron with { Concurrency = 5 }));
    }

    [Fact]
    public void An_address_is_written_as_it_was_given() =>
        Assert.Contains("\"http://haproxy:8081\"", SettingsJson.Write(s_cron), StringComparison.Ordinal);

    private static IEnumerable<string> Keys(CronSettings settings) =>
        JsonNode.Parse(SettingsJson.Write(settings))!.AsObject().Select(key => key.Key);
}
