using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using WpFarm.Orchestrator.Autoscaling;
using WpFarm.Orchestrator.Engine;

namespace WpFarm.Tests.Orchestrator.Autoscaling;

public sealed class SwarmPoolsTests : IDisposable
{
    private const string Pool = "pool-silver";

    private readonly Manager _manager = new();
    private readonly SwarmPools _pools;

    public SwarmPoolsTests() =>
        _pools = new SwarmPools(
            new SwarmEngine(
                new HttpClient(_manager, disposeHandler: false) { BaseAddress = new Uri("http://engine-proxy:2375") },
                Options.Create(TestSettings.Engine with { Swarm = "wpfarm-prod" })
            )
        );

    public void Dispose() => _manager.Dispose();

    [Fact]
    public async Task A_service_has_what_is_wanted_and_what_is_healthy_of_it() =>
        Assert.Equal(new PoolCount(3, 2, null), await CountAsync());

    [Fact]
    public async Task The_swarm_holds_so_many_on_each_node_that_may_have_them()
    {
        _manager.MaxPerNode = 2;

        // Three nodes are eligible, of which one is drained and one is down.
        Assert.Equal(2, (await CountAsync()).Capacity);
    }

    [Theory]
    [InlineData("updating", true)]
    [InlineData("rollback_started", true)]
    [InlineData("completed", false)]
    public async Task Its_update_is_seen(string state, bool updates)
    {
        _manager.Update = state;

        Assert.Equal(updates, (await CountAsync()).IsUpdating);
    }

    [Fact]
    public async Task The_number_is_all_that_is_ordered()
    {
        await _pools.SetAsync(Pool, 5, CancellationToken.None);

        Assert.Equal("/services/wpfarm-prod-app_pool-silver/replicas/5", _manager.Ordered);
    }

    [Fact]
    public async Task What_the_swarm_refuses_is_said()
    {
        _manager.Status = HttpStatusCode.InternalServerError;

        var e = await Assert.ThrowsAsync<HttpRequestException>(() => _pools.SetAsync(Pool, 5, CancellationToken.None));
        Assert.EndsWith("""the engine answered 500: {"message":"update out of sequence"}""", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_named()
    {
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => _pools.CountAsync("pool-gold", CancellationToken.None));
        Assert.Equal("the swarm has no service pool-gold of farm wpfarm-prod", e.Message);
    }

    private Task<PoolCount> CountAsync() => _pools.CountAsync(Pool, CancellationToken.None);

    /// <summary>The answers of a manager with Docker 20.10.</summary>
    private sealed class Manager : HttpMessageHandler
    {
        public int MaxPerNode { get; set; }

        public string Update { get; set; } = "completed";

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public string? Ordered { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(
                (request.Method.Method, request.RequestUri!.PathAndQuery) switch
                {
                    ("GET", "/services?filters=%7B%22label%22%3A%5B%22wpfarm.farm%3Dwpfarm-prod%22%5D%7D") => Json(Services()),
                    ("GET", "/tasks?filters=%7B%22service%22%3A%5B%22c%22%5D%2C%22desired-state%22%3A%5B%22running%22%5D%7D") => Json(
                        """[{"Status":{"State":"running"}},{"Status":{"State":"starting"}},{"Status":{"State":"running"}}]"""
                    ),
                    ("GET", "/nodes") => Json(
                        """
                        [{"Spec":{"Availability":"active","Labels":{"wpfarm.role.app":"true"}},"Status":{"State":"ready"}},
                         {"Spec":{"Availability":"drain","Labels":{"wpfarm.role.app":"true"}},"Status":{"State":"ready"}},
                         {"Spec":{"Availability":"active","Labels":{"wpfarm.role.app":"true"}},"Status":{"State":"down"}},
                         {"Spec":{"Availability":"active","Labels":{"wpfarm.role.db":"true"}},"Status":{"State":"ready"}}]
                        """
                    ),
                    ("POST", var order) => Order(order),
                    _ => new HttpResponseMessage(HttpStatusCode.Forbidden),
                }
            );

        private HttpResponseMessage Order(string order)
        {
            Ordered = order;
            return new HttpResponseMessage(Status) { Content = new StringContent("""{"message":"update out of sequence"}""") };
        }

        private string Services() =>
            """
                [{"ID":"a","Spec":{"Name":"wpfarm-prod-data_redis-1","TaskTemplate":{},"Mode":{"Replicated":{"Replicas":1}}}},
                 {"ID":"b","Spec":{"Name":"wpfarm-prod-edge_traefik","TaskTemplate":{},"Mode":{"Global":{}}}},
                 {"ID":"c","Version":{"Index":7},"Spec":{"Name":"wpfarm-prod-app_pool-silver",
                   "TaskTemplate":{"Placement":{
                     "Constraints":["node.labels.wpfarm.role.app == true","node.role == worker"],"MaxReplicas":MAX}},
                   "Mode":{"Replicated":{"Replicas":3}}},
                   "UpdateStatus":{"State":"STATE"}}]
                """.Replace("MAX", $"{MaxPerNode}", StringComparison.Ordinal).Replace("STATE", Update, StringComparison.Ordinal);

        private static HttpResponseMessage Json(string json) =>
            new() { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
