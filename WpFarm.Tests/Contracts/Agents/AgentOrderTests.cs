using System.Reflection;
using WpFarm.Contracts.Agents;
using WpFarm.Contracts.Agents.Database;
using WpFarm.Contracts.Agents.Pools;
using WpFarm.Contracts.Agents.Uploads;

namespace WpFarm.Tests.Contracts.Agents;

public sealed class AgentOrderTests
{
    [Fact]
    public void Every_order_is_sent_with_its_route_and_its_arguments() =>
        Assert.All(SampleOrders.Database.Concat(SampleOrders.Uploads), sample =>
            Assert.Equal((sample.Line, sample.Line), (sample.Order.Line, sample.Order.ToString()))
        );

    [Fact]
    public void Every_route_has_one_order()
    {
        Assert.Equal(Routes(typeof(DatabaseAgentRoutes)), Sorted(SampleOrders.Database.Select(sample => sample.Order.Route)));
        Assert.Equal(Routes(typeof(UploadsAgentRoutes)), Sorted(SampleOrders.Uploads.Select(sample => sample.Order.Route)));
    }

    /// <summary>The HTTP client sends the text that the proof covers, whatever an address makes of it.</summary>
    [Fact]
    public void What_is_signed_is_what_is_sent() =>
        Assert.All(SampleOrders.Database.Concat(SampleOrders.Uploads), sample =>
            Assert.Equal(sample.Order.Target, new Uri(new Uri("http://agent:9201"), sample.Order.Target).PathAndQuery)
        );

    [Fact]
    public void An_argument_that_is_not_given_is_not_sent()
    {
        Assert.Equal("/copy", new CopyOrder(Since: null, Contents: false).Target);
        Assert.Equal("/contents", new ContentsOrder(Copy: null).Target);
        Assert.Equal("/replay?from=", new ReplayOrder("", Until: null, Through: null).Target);
        Assert.Equal(
            $"/restore?snapshot={SampleOrders.Id}&target=beside",
            new UploadsRestoreOrder(SampleOrders.Id, null, null, InPlace: false).Target
        );
    }

    [Fact]
    public void An_order_to_a_pool_is_named_in_a_header()
    {
        Assert.Equal("POST /.farm/forget", PurgeCachesOrder.Route.ToString());
        Assert.Equal([("X-Farm-Order", "forget"), ("X-Farm-Path", null)], new PurgeCachesOrder(Page: null).Headers);
        Assert.Equal([("X-Farm-Order", "forget"), ("X-Farm-Path", "/a/page/")], new PurgeCachesOrder("/a/page/").Headers);
    }

    private static IEnumerable<string> Routes(Type routes) =>
        Sorted(routes.GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => (AgentRoute)property.GetValue(null)!));

    private static IEnumerable<string> Sorted(IEnumerable<AgentRoute> routes) =>
        routes.Select(route => route.ToString()).Order(StringComparer.Ordinal);
}
