using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using MySqlConnector;
using WpFarm.Backups.Gtid;
using WpFarm.Backups.Polling;
using WpFarm.Contracts.Settings;
using WpFarm.Orchestrator.Database.Seeding;

namespace WpFarm.Orchestrator.Database;

internal sealed class MariaDbServer : IDatabaseServer, IAsyncDisposable
{
    /// <summary>Interval between two queries for the free disk space.</summary>
    private static readonly TimeSpan s_diskEvery = TimeSpan.FromSeconds(5);

    /// <summary>Time limit for a server to start. Recovery from a large redo log may take this long.</summary>
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(5);

    /// <summary>MariaDB's ER_MASTER_GTID_POS_CONFLICTS_WITH_BINLOG.</summary>
    private const MySqlErrorCode PositionConflictsWithBinlog = (MySqlErrorCode)1947;

    private const int PositionAttempts = 50;

    private readonly MySqlDataSource _source;
    private readonly DatabaseSettings _options;
    private readonly TimeProvider _time;
    private long? _free;
    private long _freeAskedAt;

    public MariaDbServer(DatabaseServer identity, IOptions<DatabaseSettings> options, TimeProvider time)
    {
        Identity = identity;
        _options = options.Value;
        _time = time;
        _source = new MySqlDataSource(ConnectionString(_options.Addresses[identity.Name], _options));
        Agent = new DatabaseAgent(identity, _options.Agents[identity.Name], _options, time);
    }

    public DatabaseServer Identity { get; }

    public DatabaseAgent Agent { get; }

    public Task<ServerStatus> ObserveAsync(CancellationToken cancel) =>
        WithConnectionAsync(
            async (connection, limit) =>
            {
                // This query reads no table: together with a table, @@read_only was seen to be 0 on read-only servers.
                var variables = await connection.QuerySingleAsync<Variables>(
                    new CommandDefinition(
                        """
                        SELECT @@global.read_only AS ReadOnly, @@global.gtid_domain_id AS Domain,
                          @@global.gtid_binlog_pos AS BinlogPosition, @@global.gtid_slave_pos AS SlavePosition,
                          @@global.rpl_semi_sync_slave_enabled AS Acknowledges,
                          @@global.rpl_semi_sync_master_enabled AS AwaitsAcknowledgement,
                          IS_USED_LOCK('wpfarm.copy') IS NOT NULL AS IsCopied
                        """,
                        cancellationToken: limit
                    )
                );
                var channels = await connection.QueryAsync(new CommandDefinition("SHOW ALL SLAVES STATUS", cancellationToken: limit));
                var counters = (
                    await connection.QueryAsync<StatusRow>(
                        new CommandDefinition(
                            "SHOW GLOBAL STATUS WHERE Variable_name "
                                + "IN ('Rpl_semi_sync_master_clients', 'Rpl_semi_sync_master_wait_sessions')",
                            cancellationToken: limit
                        )
                    )
                ).ToDictionary(row => row.Variable_name, row => int.Parse(row.Value, CultureInfo.InvariantCulture));
                return new ServerStatus(
                    variables.ReadOnly != 0,
                    variables.Domain,
                    PositionOf(variables),
                    channels.Select(row => new SlaveStatusRow(row).ToStatus()).ToList()
                )
                {
                    Acknowledges = variables.Acknowledges != 0,
                    AwaitsAcknowledgement = variables.AwaitsAcknowledgement != 0,
                    IsCopied = variables.IsCopied != 0,
                    Free = await FreeAsync(limit),
                    Acknowledgers = counters["Rpl_semi_sync_master_clients"],
                    Waiting = counters["Rpl_semi_sync_master_wait_sessions"],
                };
            },
            cancel
        );

    public async Task FollowAsync(IReadOnlyList<DatabaseServer> sources, bool acknowledges, CancellationToken cancel)
    {
        await ExecuteAsync("STOP ALL SLAVES", new { }, cancel);
        var status = await ObserveAsync(cancel);
        foreach (var channel in status.Channels.Where(channel => sources.All(source => source.Channel != channel.Name)))
            await ExecuteAsync("RESET SLAVE @channel ALL", new { channel = channel.Name }, cancel);
        await CountOwnAsync(status, cancel);
        await ExecuteAsync("SET GLOBAL rpl_semi_sync_slave_enabled = @acknowledges", new { acknowledges }, cancel);
        // On a server that only follows, the applying thread itself would wait for acknowledgements.
        if (status.ReadOnly)
            await AwaitAcknowledgementAsync(false, cancel);
        foreach (var source in sources)
            await ExecuteAsync(
                """
                CHANGE MASTER @channel TO MASTER_HOST = @host, MASTER_PORT = @port, MASTER_USER = @user, MASTER_PASSWORD = @password,
                  MASTER_SSL = 1, MASTER_SSL_VERIFY_SERVER_CERT = 1, MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 0.5,
                  MASTER_USE_GTID = slave_pos;
                START SLAVE @channel
                """,
                new
                {
                    channel = source.Channel,
                    host = source.Name,
                    port = _options.Port,
                    user = _options.ReplicationUser,
                    password = SecretFile.Read(_options.ReplicationPasswordFile),
                },
                cancel
            );
    }

    /// <summary>
    /// Adds the server's own transactions to its replication position, so that it does not receive again what it wrote itself as the
    /// writer. The server refuses a position behind its own; on the writer, every commit makes it so. The call is repeated until it falls
    /// between two commits.
    /// </summary>
    private async Task CountOwnAsync(ServerStatus status, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync("SET GLOBAL gtid_slave_pos = @position", new { position = status.Position.ToString() }, cancel);
                return;
            }
            catch (MySqlException e) when (e.ErrorCode == PositionConflictsWithBinlog && attempt < PositionAttempts)
            {
                status = await ObserveAsync(cancel);
            }
        }
    }

    public Task StopReceivingAsync(CancellationToken cancel) =>
        ExecuteAsync(
            // With acknowledgement off, the server stops at once. Otherwise it would first try for a second to tell the source. Applying
            // continues, and is started again where it was paused for a copy, which ends the copy.
            "SET GLOBAL rpl_semi_sync_slave_enabled = 0; STOP ALL SLAVES IO_THREAD; START ALL SLAVES SQL_THREAD",
            new { },
            cancel
        );

    /// <summary>True when the server answers and has all of <paramref name="position"/>.</summary>
    public async Task<bool> HasAsync(GtidPosition position, CancellationToken cancel)
    {
        try
        {
            return (await ObserveAsync(cancel)).Position.Covers(position);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits until the server has started with data that has all of <paramref name="position"/>.</summary>
    /// <exception cref="TimeoutException">The server does not answer, or lacks part of the position.</exception>
    public Task ReturnsAsync(GtidPosition position, CancellationToken cancel) =>
        Poll.UntilAsync(() => HasAsync(position, cancel), s_start, $"{Identity} does not answer", _time, cancel);

    public Task CatchUpAsync(GtidPosition position, TimeSpan limit, CancellationToken cancel) =>
        Poll.UntilAsync(
            async () => (await ObserveAsync(cancel)).Position.Covers(position),
            limit,
            $"{Identity} has not applied {position}",
            _time,
            cancel
        );

    public Task AwaitAcknowledgementAsync(bool awaits, CancellationToken cancel) =>
        ExecuteAsync("SET GLOBAL rpl_semi_sync_master_enabled = @awaits", new { awaits }, cancel);

    public Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel) =>
        ExecuteAsync("SET GLOBAL read_only = @readOnly", new { readOnly }, cancel);

    public Task BeginTermAsync(ulong number, CancellationToken cancel) =>
        ExecuteAsync(
            "SET SESSION gtid_seq_no = @number; REPLACE INTO wpfarm.term (id, writer, began) VALUES (1, @writer, UTC_TIMESTAMP(3))",
            new { number, writer = Identity.Name },
            cancel
        );

    public Task EndSessionsAsync(CancellationToken cancel) =>
        EndAsync(
            "USER NOT IN ('system user', 'event_scheduler', 'monitor', @orchestrator, @replication) AND COMMAND NOT LIKE 'Binlog Dump%'",
            cancel
        );

    /// <summary>Closes the present binary log file and begins the next.</summary>
    public Task CloseLogAsync(CancellationToken cancel) => ExecuteAsync("FLUSH BINARY LOGS", new { }, cancel);

    public Task EndWaitingAsync(CancellationToken cancel) => EndAsync("STATE LIKE 'Waiting for semi-sync ACK%'", cancel);

    public Task CrashAsync(CancellationToken cancel) => Agent.CrashAsync(cancel);

    // Written outside the binary log, so that each server, including a read-only one, has its own copy.
    public Task StoreStateAsync(StateVersion version, CancellationToken cancel) =>
        ExecuteAsync(
            "SET SESSION sql_log_bin = 0; REPLACE INTO wpfarm.authority (id, number, knowledge) VALUES (1, @Number, @Text); "
                + "SET SESSION sql_log_bin = 1",
            version,
            cancel
        );

    public Task<StateVersion?> ReadStateAsync(CancellationToken cancel) =>
        WithConnectionAsync(
            (connection, limit) =>
                connection.QuerySingleOrDefaultAsync<StateVersion>(
                    new CommandDefinition("SELECT number AS Number, knowledge AS Text FROM wpfarm.authority", cancellationToken: limit)
                ),
            cancel
        );

    /// <returns>The rows of a query of the farm's own tables.</returns>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken cancel) =>
        WithConnectionAsync<IReadOnlyList<T>>(
            async (connection, limit) => [.. await connection.QueryAsync<T>(new CommandDefinition(sql, cancellationToken: limit))],
            cancel
        );

    /// <returns>The lock. Null when another session holds it.</returns>
    public Task<ServerLock?> TryLockAsync(string name, CancellationToken cancel) =>
        InTimeAsync(
            async limit =>
            {
                var connection = Connection();
                ServerLock? held = null;
                try
                {
                    await connection.OpenAsync(limit);
                    if (
                        await connection.ExecuteScalarAsync<int?>(
                            new CommandDefinition("SELECT GET_LOCK(@name, 0)", new { name }, cancellationToken: limit)
                        ) == 1
                    )
                        held = new ServerLock(connection, Identity, name, _options.Timeout);
                    return held;
                }
                finally
                {
                    if (held is null)
                        await connection.DisposeAsync();
                }
            },
            cancel
        );

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>
    /// The position of all transactions that the server has. With log_slave_updates the binary log has every transaction, except those the
    /// server was seeded with. The replication position is ignored for the server's own GTID domain: it also moves when the server's own
    /// transactions come back to it, and does not move back when a crash rolls them back.
    /// </summary>
    private static GtidPosition PositionOf(Variables variables)
    {
        var (logged, replicated) = (GtidPosition.Parse(variables.BinlogPosition), GtidPosition.Parse(variables.SlavePosition));
        return logged.With(logged.NumberIn(variables.Domain) > 0 ? replicated.Without(variables.Domain) : replicated);
    }

    /// <summary>Free disk space in MB. Null when the agent does not answer; the rest of the observation stays valid.</summary>
    private async Task<long?> FreeAsync(CancellationToken cancel)
    {
        if (_freeAskedAt != 0 && _time.GetElapsedTime(_freeAskedAt) < s_diskEvery)
            return _free;
        _freeAskedAt = _time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_options.Timeout / 4);
        try
        {
            return _free = await Agent.FreeAsync(limit.Token) >> 20;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return _free = null;
        }
    }

    private Task<bool> EndAsync(string which, CancellationToken cancel) =>
        WithConnectionAsync(
            async (connection, limit) =>
            {
                var sessions = await connection.QueryAsync<long>(
                    new CommandDefinition(
                        $"SELECT ID FROM information_schema.PROCESSLIST WHERE {which}",
                        new { orchestrator = _options.User, replication = _options.ReplicationUser },
                        cancellationToken: limit
                    )
                );
                foreach (var session in sessions)
                    await EndAsync(connection, session, limit);
                return true;
            },
            cancel
        );

    /// <summary>Ends a session. A session that has already ended is no error.</summary>
    private static async Task EndAsync(MySqlConnection connection, long session, CancellationToken limit)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition($"KILL {session}", cancellationToken: limit));
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.NoSuchThread) { }
    }

    private static string ConnectionString(Uri address, DatabaseSettings options) =>
        new MySqlConnectionStringBuilder
        {
            Server = address.Host,
            Port = (uint)address.Port,
            UserID = options.User,
            // The certificate is the server's own. The server proves with the password that the certificate belongs to it.
            SslMode = MySqlSslMode.VerifyCA,
            // One open connection serves the observation each second, the second serves actions meanwhile, and the third holds a lock.
            MaximumPoolSize = 3,
            ConnectionTimeout = (uint)Math.Ceiling(options.Timeout.TotalSeconds),
            // No time is spent on cancelling: a server that hangs would not answer the request to cancel either.
            CancellationTimeout = -1,
            ApplicationName = "wpfarm-orchestrator",
        }.ConnectionString;

    /// <summary>Runs a statement. Returns the number of rows that it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancel) =>
        WithConnectionAsync(
            (connection, limit) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: limit)),
            cancel
        );

    private Task<T> WithConnectionAsync<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel) =>
        InTimeAsync(
            async limit =>
            {
                await using var connection = Connection();
                await connection.OpenAsync(limit);
                return await work(connection, limit);
            },
            cancel
        );

    private MySqlConnection Connection()
    {
        var connection = _source.CreateConnection();
        connection.ProvidePasswordCallback = _ => SecretFile.Read(_options.PasswordFile);
        return connection;
    }

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_options.Timeout.TotalSeconds:0.#} s");
        }
    }

    private sealed record Variables
    {
        public long ReadOnly { get; init; }

        public uint Domain { get; init; }

        public string BinlogPosition { get; init; } = "";

        public string SlavePosition { get; init; } = "";

        public long Acknowledges { get; init; }

        public long AwaitsAcknowledgement { get; init; }

        public long IsCopied { get; init; }
    }

    /// <summary>A row of <c>SHOW GLOBAL STATUS</c>.</summary>
    private sealed record StatusRow
    {
        public string Variable_name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
