using WpFarm.Backups.Gtid;
using WpFarm.Orchestrator.Database;
using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Tests.Orchestrator.Database;

/// <summary>
/// Simulates database servers in memory, as far as roles and replication go: they write, replicate, acknowledge, crash, hang, and are cut
/// off from each other. The behaviour was observed on real servers (a crashed writer rolls back what no server acknowledged, and takes its
/// own transactions back from others only while it acknowledges); the integration tests run the same on real servers.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly HashSet<(string, string)> _cut = [];
    private int _next;

    public SimulatedCluster() =>
        Servers = [
            .. new[] { TestServers.P1, TestServers.P2, TestServers.R1, TestServers.R2 }.Select(
                (identity, index) => new Server(this, identity, index < 2 ? (uint)(index + 1) : (uint)(index + 9))
            ),
        ];

    public IReadOnlyList<Server> Servers { get; }

    /// <summary>Writes that were acknowledged to a client.</summary>
    public List<int> Answered { get; } = [];

    public Server this[DatabaseServer identity] => Servers.First(server => server.Identity == identity);

    /// <param name="a">A server's name, or <see cref="Orchestrator"/>.</param>
    public void Cut(string a, string b) => _cut.Add(Pair(a, b));

    public const string Orchestrator = "orchestrator";

    /// <summary>
    /// Number of calls that the Orchestrator makes before it is killed, in the middle of its work; null when it is not killed.
    /// </summary>
    public int? OrchestratorDiesAfter { get; set; }

    public void Heal() => _cut.Clear();

    /// <summary>A client sends a write to a server, and gets an answer if the server may give one.</summary>
    public void Write(Server server)
    {
        if (server is { Runs: true, Hangs: false, ReadOnly: false })
            server.Write(_next++);
    }

    /// <summary>Every server receives what it can, acknowledges, and applies.</summary>
    public void Replicate()
    {
        for (var round = 0; round < Servers.Count; round++)
            foreach (var server in Servers)
                server.Fetch();
        foreach (var server in Servers)
            server.Answer();
    }

    /// <summary>Copies at once, which takes minutes on real servers.</summary>
    internal sealed class Seeder(SimulatedCluster cluster, DatabaseOrders orders) : ISeeder
    {
        public async Task AdvanceAsync(ReplicationAction.Seed order, CancellationToken cancel)
        {
            await cluster[order.Server].SeedAsync(cluster[order.From]);
            orders.Reseed(order.Server, on: false);
        }
    }

    private bool Connected(string a, string b) => !_cut.Contains(Pair(a, b));

    private static (string, string) Pair(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);

    internal sealed class Server(SimulatedCluster cluster, DatabaseServer identity, uint domain) : IDatabaseServer
    {
        private readonly Dictionary<uint, List<Transaction>> _log = [];
        private readonly Dictionary<string, Channel> _channels = [];
        private readonly List<Transaction> _waiting = [];
        private bool _awaits;
        private bool _acknowledges = true;
        private bool _broken;
        private StateVersion? _state;

        public DatabaseServer Identity => identity;

        public bool Runs { get; private set; } = true;

        /// <summary>Does nothing and loses nothing, like a stopped process.</summary>
        public bool Hangs { get; set; }

        public bool ReadOnly { get; private set; } = true;

        /// <summary>Receives and acknowledges, but does not apply.</summary>
        public bool Lags { get; set; }

        public bool IsBroken => _broken;

        /// <summary>True when a write on this server would be answered because the other acknowledges it.</summary>
        public bool IsAcknowledgedBy(Server other) => other != this && _awaits && other._acknowledges && other.IsConnectedTo(this);

        public IEnumerable<int> Everything =>
            _log.Values.SelectMany(transactions => transactions).Select(transaction => transaction.Content);

        private Dictionary<uint, List<Transaction>> Relay { get; } = [];

        public override string ToString() =>
            $"{identity.Channel} {(Runs ? Hangs ? "hangs" : ReadOnly ? "ro" : "rw" : "down")}"
            + $"{(_acknowledges ? " ack" : "")}{(_awaits ? " awaits" : "")}{(_broken ? " broken" : "")} {Position(_log)} "
            + $"[{string.Join(' ', _channels.Select(c => c.Key + (c.Value.Fetches ? "" : "-")))}]";

        public void Write(int content) => Write(content, Last(domain) + 1);

        private void Write(int content, ulong number)
        {
            var transaction = new Transaction(number, content);
            Of(_log, domain).Add(transaction);
            _waiting.Add(transaction);
            Answer();
        }

        /// <summary>
        /// Like SIGKILL: transactions that wait for an acknowledgement are rolled back at the next start, possibly with the last answered
        /// one.
        /// </summary>
        public void Crash(bool losesLast = false)
        {
            if (!Runs)
                return;
            Runs = Hangs = false;
            var own = Of(_log, domain);
            own.RemoveAll(_waiting.Contains);
            if (losesLast && _awaits && own.Count > 0)
                own.RemoveAt(own.Count - 1);
            Stop();
        }

        /// <summary>Like SIGTERM: transactions that wait are committed, and no client gets an answer.</summary>
        public void ShutDown()
        {
            if (!Runs || Hangs)
                return;
            Runs = false;
            Stop();
        }

        /// <summary>Transactions that were received earlier are applied first.</summary>
        public void Start()
        {
            if (Runs)
                return;
            Runs = true;
            Apply();
        }

        public void Fetch()
        {
            if (!Runs || Hangs)
                return;
            foreach (var (name, channel) in _channels.Where(channel => channel.Value.Fetches))
                if (
                    cluster.Servers.First(server => server.Identity.Channel == name) is { Runs: true, Hangs: false } source
                    && cluster.Connected(identity.Name, source.Identity.Name)
                )
                    foreach (var (sourceDomain, transactions) in source._log)
                    {
                        // A server takes its own transactions back only while it acknowledges.
                        if (sourceDomain == domain && !channel.TakesOwn)
                            continue;
                        var have = Last(sourceDomain);
                        // In strict mode a source refuses a follower with a number that the source itself left out
                        // (ER_GTID_START_FROM_BINLOG_HOLE).
                        if (
                            have > 0
                            && transactions.Exists(transaction => transaction.Number > have)
                            && !transactions.Exists(transaction => transaction.Number == have)
                        )
                        {
                            channel.Fetches = false;
                            break;
                        }

                        Of(Relay, sourceDomain).AddRange(transactions.Where(transaction => transaction.Number > have));
                    }
            if (!Lags)
                Apply();
        }

        public void Answer()
        {
            if (!Runs || Hangs)
                return;
            _waiting.RemoveAll(transaction =>
            {
                var answered =
                    !_awaits
                    || cluster.Servers.Any(other =>
                        other != this && other._acknowledges && other.IsConnectedTo(this) && other.Has(domain, transaction)
                    );
                if (answered)
                    cluster.Answered.Add(transaction.Content);
                return answered;
            });
        }

        public Task<ServerStatus> ObserveAsync(CancellationToken cancel) =>
            DoAsync(() =>
                new ServerStatus(ReadOnly, domain, Position(_log), [.. _channels.Select(channel => Status(channel.Key, channel.Value))])
                {
                    Acknowledges = _acknowledges,
                    AwaitsAcknowledgement = _awaits,
                    Waiting = _waiting.Count,
                    Acknowledgers = cluster.Servers.Count(other => other != this && other._acknowledges && other.IsConnectedTo(this)),
                }
            );

        public Task FollowAsync(IReadOnlyList<DatabaseServer> sources, bool acknowledges, CancellationToken cancel) =>
            DoAsync(() =>
            {
                Relay.Clear();
                _channels.Clear();
                _acknowledges = acknowledges;
                if (ReadOnly)
                    _awaits = false;
                foreach (var source in sources)
                    _channels[source.Channel] = new Channel { Fetches = true, TakesOwn = acknowledges };
            });

        public Task StopReceivingAsync(CancellationToken cancel) =>
            DoAsync(() =>
            {
                _acknowledges = false;
                foreach (var channel in _channels.Values)
                    channel.Fetches = false;
            });

        public Task CatchUpAsync(GtidPosition position, TimeSpan limit, CancellationToken cancel) =>
            DoAsync(() =>
            {
                cluster.Replicate();
                if (!Position(_log).Covers(position))
                    throw new TimeoutException($"{identity} did not catch up with {position}");
            });

        public Task AwaitAcknowledgementAsync(bool awaits, CancellationToken cancel) =>
            DoAsync(() =>
            {
                _awaits = awaits;
                Answer();
            });

        public Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel) =>
            DoAsync(() =>
            {
                cluster.Replicate();
                if (readOnly && _waiting.Count > 0)
                    throw new TimeoutException("commits wait");
                ReadOnly = readOnly;
            });

        public Task BeginTermAsync(ulong number, CancellationToken cancel) =>
            DoAsync(() =>
            {
                Write(cluster._next++, number);
                cluster.Replicate();
                if (_waiting.Count > 0)
                    throw new TimeoutException("nobody acknowledged");
            });

        public Task EndWaitingAsync(CancellationToken cancel) => DoAsync(_waiting.Clear);

        public Task EndSessionsAsync(CancellationToken cancel) => DoAsync(() => { });

        public Task CrashAsync(CancellationToken cancel) =>
            DoAsync(() =>
            {
                Crash();
                Start();
            });

        public Task StoreStateAsync(StateVersion version, CancellationToken cancel) => DoAsync(() => _state = version);

        /// <summary>Replaces the server's data by a copy of another server's, and restarts it.</summary>
        public Task SeedAsync(Server source) =>
            DoAsync(async () =>
                {
                    await source.DoAsync(() => true);
                    Crash();
                    _log.Clear();
                    foreach (var (key, transactions) in source._log)
                        _log[key] = [.. transactions];
                    Relay.Clear();
                    _channels.Clear();
                    (_broken, _state) = (source._broken, source._state);
                    Start();
                })
                .Unwrap();

        public Task<StateVersion?> ReadStateAsync(CancellationToken cancel) => DoAsync(() => _state);

        private void Stop()
        {
            _waiting.Clear();
            ReadOnly = _acknowledges = true;
            _awaits = false;
            foreach (var channel in _channels.Values)
                channel.Fetches = false;
        }

        private void Apply()
        {
            foreach (var (relayDomain, transactions) in Relay)
                Of(_log, relayDomain).AddRange(transactions);
            Relay.Clear();
            // The same number must be the same transaction on every server; otherwise the next statement fails.
            _broken |= cluster.Servers.Any(other =>
                _channels.ContainsKey(other.Identity.Channel)
                && other._log.Any(theirs =>
                    Of(_log, theirs.Key)
                        .Join(theirs.Value, mine => mine.Number, their => their.Number, (mine, their) => mine.Content != their.Content)
                        .Contains(true)
                )
            );
        }

        /// <summary>The last number that the server has applied or received.</summary>
        private ulong Last(uint inDomain) => Of(_log, inDomain).Concat(Of(Relay, inDomain)).LastOrDefault()?.Number ?? 0;

        private bool Has(uint inDomain, Transaction transaction) =>
            Of(_log, inDomain).Contains(transaction) || Of(Relay, inDomain).Contains(transaction);

        private bool IsConnectedTo(Server source) =>
            Runs
            && !Hangs
            && source is { Runs: true, Hangs: false }
            && _channels.TryGetValue(source.Identity.Channel, out var channel)
            && channel.Fetches
            && cluster.Connected(identity.Name, source.Identity.Name);

        private ChannelStatus Status(string name, Channel channel)
        {
            var source = cluster.Servers.First(server => server.Identity.Channel == name);
            return new(name, source.Identity.Name, ByGtid: true)
            {
                Fetching =
                    !channel.Fetches ? ReplicationThread.Stopped
                    : IsConnectedTo(source) ? ReplicationThread.Running
                    : ReplicationThread.Connecting,
                Applying = ReplicationThread.Running,
                Lag = IsConnectedTo(source) ? TimeSpan.FromSeconds(Lags && Relay.Count > 0 ? 60 : 0) : null,
                Received = Position(
                    _log.Keys.Concat(Relay.Keys).Distinct().ToDictionary(key => key, key => Of(_log, key).Concat(Of(Relay, key)).ToList())
                ),
                IsBroken = _broken,
            };
        }

        private Task<bool> DoAsync(Action action) =>
            DoAsync(() =>
            {
                action();
                return true;
            });

        private Task<T> DoAsync<T>(Func<T> action)
        {
            if (cluster.OrchestratorDiesAfter is 0)
                return Task.FromException<T>(new InvalidOperationException("The Orchestrator is dead."));
            cluster.OrchestratorDiesAfter--;
            return Runs && !Hangs && cluster.Connected(Orchestrator, identity.Name)
                ? Task.FromResult(action())
                : Task.FromException<T>(new TimeoutException("no answer"));
        }

        private static List<Transaction> Of(Dictionary<uint, List<Transaction>> log, uint key) =>
            log.TryGetValue(key, out var transactions) ? transactions : log[key] = [];

        private static GtidPosition Position(IReadOnlyDictionary<uint, List<Transaction>> log) =>
            GtidPosition.Parse(
                string.Join(',', log.Where(part => part.Value.Count > 0).Select(part => $"{part.Key}-{part.Key}-{part.Value[^1].Number}"))
            );

        private sealed record Transaction(ulong Number, int Content);

        private sealed class Channel
        {
            public bool Fetches { get; set; }

            public bool TakesOwn { get; init; }
        }
    }
}
