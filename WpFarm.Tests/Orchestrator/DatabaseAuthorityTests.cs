using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WpFarm.Orchestrator.Database;
using static WpFarm.Tests.Orchestrator.TestServers;

namespace WpFarm.Tests.Orchestrator;

public sealed class DatabaseAuthorityTests : IDisposable
{
    private readonly DatabaseState _state = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task New_servers_are_as_they_should_be_after_one_tick()
    {
        var servers = new[] { P1, P2, R1, R2 }.Select(server => new FakeServer(server)).ToList();
        using var authority = Authority(servers);

        await authority.TickAsync(CancellationToken.None);
        Assert.NotEmpty(_state.Current.Problems);
        await authority.TickAsync(CancellationToken.None);

        Assert.Empty(_state.Current.Problems);
        Assert.Equal(P1, _state.Current.Writer);
    }

    [Fact]
    public async Task A_server_that_refuses_does_not_keep_the_others_from_what_they_need()
    {
        var servers = new[] { P1, P2, R1, R2 }.Select(server => new FakeServer(server) { Refuses = server == P2 }).ToList();
        using var authority = Authority(servers);

        await authority.TickAsync(CancellationToken.None);
        await authority.TickAsync(CancellationToken.None);

        Assert.Equal(P1, _state.Current.Writer);
        Assert.Equal(["mariadb-p2 does not follow mariadb-p1"], _state.Current.Problems);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_a_problem_with_its_reason()
    {
        using var authority = Authority([new FakeServer(P1), new FakeServer(P2) { Silent = true }, new FakeServer(R1), new FakeServer(R2)]);

        await authority.TickAsync(CancellationToken.None);

        Assert.Contains("mariadb-p2 does not answer: no answer", _state.Current.Problems);
        Assert.Null(_state.Current.Writer);
    }

    private DatabaseAuthority Authority(IReadOnlyList<IDatabaseServer> servers) => new(
        servers,
        _state,
        new DatabaseMetrics(_services.GetRequiredService<IMeterFactory>(), _state),
        Options.Create(new DatabaseAuthorityOptions()),
        new FakeTimeProvider(),
        NullLogger<DatabaseAuthority>.Instance);

    /// <summary>A new, empty server that does what it is told.</summary>
    private sealed class FakeServer(DatabaseServer identity) : IDatabaseServer
    {
        private readonly List<ChannelStatus> _channels = [];
        private bool _readOnly = true;

        public DatabaseServer Identity => identity;

        public bool Refuses { get; init; }

        public bool Silent { get; init; }

        public Task<ServerStatus> ObserveAsync(CancellationToken cancel) => Silent
            ? throw new TimeoutException("no answer")
            : Task.FromResult(new ServerStatus(_readOnly, 1, GtidPosition.Empty, [.. _channels]));

        public Task FollowAsync(DatabaseServer source, bool replaces, CancellationToken cancel) => Do(() => _channels.Add(Channel(source)));

        public Task StartChannelAsync(string channel, CancellationToken cancel) => Do(() => { });

        public Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel) => Do(() => _readOnly = readOnly);

        private Task Do(Action action)
        {
            if (Refuses)
                throw new TimeoutException("no answer");
            action();
            return Task.CompletedTask;
        }
    }
}
