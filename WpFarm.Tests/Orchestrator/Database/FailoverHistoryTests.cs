using System.Diagnostics.Metrics;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WpFarm.Orchestrator.Database;
using static WpFarm.Tests.Orchestrator.Database.TestServers;

namespace WpFarm.Tests.Orchestrator.Database;

/// <summary>
/// Runs the authority against thousands of generated histories of crashes, hangs, partitions and lags, with writes throughout: no
/// acknowledged write is ever lost, no server but the writer ever acknowledges one, and the cluster always recovers.
/// </summary>
[Properties(Arbitrary = [typeof(Histories)], MaxTest = 3000)]
public sealed class FailoverHistoryTests : IDisposable
{
    private static readonly DatabaseServer[] s_all = [P1, P2, R1, R2];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    /// <summary>
    /// A history that once lost a write: the authority did not wait for the server that had acknowledged a term's first write.
    /// </summary>
    [Fact]
    public Task The_former_writer_that_acknowledges_the_next_ones_first_write_is_waited_for() =>
        Whatever_happens_no_answered_write_is_lost_and_in_the_end_one_primary_takes_writes(
            new([
                new(Kind.Crash, 2, 3),
                new(Kind.SwitchOver, 0, 0),
                new(Kind.Crash, 3, 2),
                new(Kind.Tick, 0, 0),
                new(Kind.SwitchOver, 0, 0),
                new(Kind.Tick, 0, 0),
                new(Kind.Crash, 0, 0),
                new(Kind.Start, 3, 0),
                new(Kind.Hang, 1, 0),
                new(Kind.Start, 0, 0),
                new(Kind.Start, 2, 0),
                new(Kind.Tick, 0, 0),
            ])
        );

    /// <summary>
    /// A history that once ended with commits that waited for ever: the only server that could acknowledge was to be reseeded first.
    /// </summary>
    [Fact]
    public Task A_server_that_is_to_be_seeded_anew_acknowledges_while_nobody_else_can() =>
        Whatever_happens_no_answered_write_is_lost_and_in_the_end_one_primary_takes_writes(
            new([
                new(Kind.Write, 0, 2),
                new(Kind.ShutDown, 0, 2),
                new(Kind.Hang, 2, 4),
                new(Kind.Reseed, 3, 3),
                new(Kind.Tick, 3, 4),
                new(Kind.Tick, 1, 0),
                new(Kind.Tick, 2, 2),
            ])
        );

    /// <summary>
    /// A history after which a replica once had a row that no other server had, unnoticed: it was made to follow the next term at once.
    /// </summary>
    [Fact]
    public Task A_replica_that_has_what_was_rolled_back_follows_nobody_into_the_next_term() =>
        Whatever_happens_no_answered_write_is_lost_and_in_the_end_one_primary_takes_writes(
            new([
                new(Kind.Hang, 1, 3),
                new(Kind.NewOrchestrator, 1, 0),
                new(Kind.Crash, 3, 2),
                new(Kind.Write, 0, 1),
                new(Kind.Tick, 2, 4),
                new(Kind.Crash, 0, 3),
                new(Kind.Crash, 2, 3),
                new(Kind.Start, 0, 0),
                new(Kind.Resume, 1, 2),
                new(Kind.Start, 3, 2),
                new(Kind.Tick, 3, 4),
                new(Kind.Crash, 0, 3),
            ])
        );

    /// <summary>A replica that the Orchestrator cannot reach keeps following by itself; its source refuses it.</summary>
    [Fact]
    public Task A_replica_that_nobody_can_tell_to_stop_is_refused_by_the_next_term() =>
        Whatever_happens_no_answered_write_is_lost_and_in_the_end_one_primary_takes_writes(
            new([
                new(Kind.Crash, 0, 3),
                new(Kind.Tick, 2, 3),
                new(Kind.Tick, 3, 3),
                new(Kind.Tick, 0, 4),
                new(Kind.Cut, 3, 4),
                new(Kind.Crash, 2, 0),
                new(Kind.Write, 1, 4),
                new(Kind.Tick, 2, 2),
                new(Kind.Crash, 1, 0),
                new(Kind.Start, 2, 2),
                new(Kind.Start, 1, 1),
                new(Kind.Tick, 1, 2),
            ])
        );

    [Generated]
    public async Task Whatever_happens_no_answered_write_is_lost_and_in_the_end_one_primary_takes_writes(History history)
    {
        var farm = new Farm(_services);
        await farm.SettleAsync();
        foreach (var @event in history.Events)
        {
            await farm.HappenAsync(@event);
            farm.NobodyElseAnswers();
        }

        await farm.MendAsync();

        var writer = Assert.Single(farm.Cluster.Servers, server => !server.ReadOnly);
        Assert.True(writer.Identity.IsPrimary);
        Assert.Empty(farm.Cluster.Answered.Except(writer.Everything));
        // A server that cannot apply is reported and waits for a person; all others are equal.
        foreach (
            var server in farm.Cluster.Servers.Where(server =>
                !farm.State.Current.Problems.Any(problem => problem.Contains($"of {server.Identity} is broken", StringComparison.Ordinal))
            )
        )
            Assert.Equal(writer.Everything.Order(), server.Everything.Order());
    }

    [Generated(MaxTest = 500)]
    public async Task A_crash_of_any_one_server_is_mended_by_itself_and_nobody_differs_in_the_end(int seed)
    {
        var farm = new Farm(_services);
        await farm.SettleAsync();
        var random = new Random(seed);
        for (var crash = 0; crash < 3; crash++)
        {
            for (var writes = random.Next(5); writes >= 0; writes--)
                await farm.HappenAsync(new(Kind.Write, random.Next(2), 0));
            await farm.HappenAsync(new(Kind.Crash, random.Next(4), random.Next(2)));
            await farm.MendAsync();
        }

        Assert.Empty(farm.State.Current.Problems);
        Assert.All(farm.Cluster.Servers, server => Assert.Empty(farm.Cluster.Answered.Except(server.Everything)));
        Assert.All(farm.Cluster.Servers, server => Assert.False(server.IsBroken));
    }

    public enum Kind
    {
        Write,
        Tick,
        Crash,
        ShutDown,
        Start,
        Hang,
        Resume,
        Lag,
        KeepUp,
        Cut,
        Heal,
        NewOrchestrator,
        SwitchOver,
        Reseed,
        KillOrchestrator,
    }

    public sealed record Event(Kind Kind, int A, int B)
    {
        public override string ToString() => $"{Kind} {A} {B}";
    }

    public sealed record History(IReadOnlyList<Event> Events)
    {
        public override string ToString() => string.Join("; ", Events);
    }

    public static class Histories
    {
        public static Arbitrary<History> Any() =>
            Arb.From(Gen.Choose(5, 60).SelectMany(length => Single().ListOf(length)).Select(events => new History([.. events])), history =>
                Enumerable
                    .Range(0, history.Events.Count)
                    .Select(gone => new History([.. history.Events.Where((_, index) => index != gone)]))
            );

        private static Gen<Event> Single() =>
            from kind in Gen.Frequency(
                (12, Gen.Constant(Kind.Write)),
                (14, Gen.Constant(Kind.Tick)),
                (3, Gen.Constant(Kind.Crash)),
                (1, Gen.Constant(Kind.ShutDown)),
                (4, Gen.Constant(Kind.Start)),
                (2, Gen.Constant(Kind.Hang)),
                (3, Gen.Constant(Kind.Resume)),
                (1, Gen.Constant(Kind.Lag)),
                (2, Gen.Constant(Kind.KeepUp)),
                (2, Gen.Constant(Kind.Cut)),
                (2, Gen.Constant(Kind.Heal)),
                (1, Gen.Constant(Kind.NewOrchestrator)),
                (1, Gen.Constant(Kind.SwitchOver)),
                (1, Gen.Constant(Kind.Reseed)),
                (2, Gen.Constant(Kind.KillOrchestrator))
            )
            from a in Gen.Choose(0, 3)
            from b in Gen.Choose(0, 4)
            select new Event(kind, a, b);
    }

    /// <summary>The simulated servers and their authority.</summary>
    private sealed class Farm(ServiceProvider services)
    {
        private readonly SimulatedTime _time = new();
        private readonly DatabaseOrders _orders = new();
        private DatabaseAuthority? _authority;

        public SimulatedCluster Cluster { get; } = new();

        public DatabaseState State { get; } = new();

        public async Task SettleAsync()
        {
            for (var tick = 0; tick < 8; tick++)
                await TickAsync();
            Assert.Empty(State.Current.Problems);
        }

        public async Task HappenAsync(Event happening)
        {
            var server = Cluster[s_all[happening.A]];
            switch (happening.Kind)
            {
                // Clients write wherever they can, also to a writer that the Orchestrator has given up.
                case Kind.Write:
                    Cluster.Write(Cluster.Servers[happening.A % 2]);
                    break;
                case Kind.Tick:
                    await TickAsync();
                    break;
                case Kind.Crash:
                    server.Crash(losesLast: happening.B % 2 == 0);
                    break;
                case Kind.ShutDown:
                    server.ShutDown();
                    break;
                case Kind.Start:
                    server.Start();
                    break;
                case Kind.Hang:
                    server.Hangs = true;
                    break;
                case Kind.Resume:
                    server.Hangs = false;
                    break;
                case Kind.Lag:
                    server.Lags = true;
                    break;
                case Kind.KeepUp:
                    server.Lags = false;
                    break;
                case Kind.Cut:
                    Cluster.Cut(s_all[happening.A].Name, happening.B == 4 ? SimulatedCluster.Orchestrator : s_all[happening.B].Name);
                    break;
                case Kind.Heal:
                    Cluster.Heal();
                    break;
                case Kind.NewOrchestrator:
                    _authority?.Dispose();
                    _authority = null;
                    break;
                case Kind.SwitchOver:
                    _ = _orders.SwitchOverAsync(null);
                    break;
                case Kind.KillOrchestrator:
                    await KillOrchestratorAsync(after: (happening.A * 5) + happening.B);
                    break;
                case Kind.Reseed:
                    _orders.Reseed(server.Identity, on: true);
                    break;
            }
        }

        /// <summary>Kills the Orchestrator during an observation or the actions after it: a promotion makes some thirty calls.</summary>
        private async Task KillOrchestratorAsync(int after)
        {
            // An observation alone makes one call per server, and storing the cluster state another.
            Cluster.OrchestratorDiesAfter = 4 + (2 * after);
            await TickAsync();
            Cluster.OrchestratorDiesAfter = null;
            _authority?.Dispose();
            _authority = null;
        }

        /// <summary>Of several servers that accept writes, at most one has a server that would acknowledge them.</summary>
        public void NobodyElseAnswers() =>
            Assert.True(
                Cluster.Servers.Count(server => server is { Runs: true, ReadOnly: false } && Cluster.Servers.Any(server.IsAcknowledgedBy))
                    <= 1,
                string.Join("; ", Cluster.Servers)
            );

        public async Task MendAsync()
        {
            Cluster.Heal();
            foreach (var server in Cluster.Servers)
            {
                server.Start();
                server.Hangs = server.Lags = false;
            }

            _orders.Acknowledge();
            for (var tick = 0; tick < 25; tick++)
                await TickAsync();
        }

        private async Task TickAsync()
        {
            Cluster.Replicate();
            _time.Pass(TimeSpan.FromSeconds(1));
            _authority ??= new DatabaseAuthority(
                Cluster.Servers,
                State,
                _orders,
                new SimulatedCluster.Seeder(Cluster, _orders),
                new DatabaseMetrics(services.GetRequiredService<IMeterFactory>(), State),
                Options.Create(TestSettings.Database),
                _time,
                NullLogger<DatabaseAuthority>.Instance
            );
            await _authority.TickAsync(CancellationToken.None);
            Cluster.Replicate();
        }
    }
}
