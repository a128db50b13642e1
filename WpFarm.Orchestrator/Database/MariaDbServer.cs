using Dapper;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace WpFarm.Orchestrator.Database;

internal sealed class MariaDbServer : IDatabaseServer, IAsyncDisposable
{
    private readonly MySqlDataSource _source;
    private readonly DatabaseAuthorityOptions _options;
    private readonly TimeProvider _time;

    public MariaDbServer(DatabaseServer identity, IOptions<DatabaseAuthorityOptions> options, TimeProvider time)
    {
        Identity = identity;
        _options = options.Value;
        _time = time;
        _source = new MySqlDataSource(ConnectionString(identity.Name, _options));
    }

    public DatabaseServer Identity { get; }

    public Task<ServerStatus> ObserveAsync(CancellationToken cancel) => WithConnection(
        async (connection, limit) =>
        {
            // Asked by itself: together with a table, @@read_only was seen to be 0 on read-only servers.
            var variables = await connection.QuerySingleAsync<Variables>(new CommandDefinition(
                "SELECT @@global.read_only AS ReadOnly, @@global.gtid_domain_id AS Domain, @@global.gtid_binlog_pos AS BinlogPosition, @@global.gtid_slave_pos AS SlavePosition",
                cancellationToken: limit));
            var channels = await connection.QueryAsync(new CommandDefinition("SHOW ALL SLAVES STATUS", cancellationToken: limit));
            return new ServerStatus(
                variables.ReadOnly != 0,
                variables.Domain,
                GtidPosition.Parse(variables.BinlogPosition).With(GtidPosition.Parse(variables.SlavePosition)),
                channels.Select(row => new SlaveStatusRow(row).ToStatus()).ToList());
        },
        cancel);

    public Task FollowAsync(DatabaseServer source, bool replaces, CancellationToken cancel) => ExecuteAsync(
        $"""
        {(replaces ? "STOP SLAVE @channel;" : "")}
        CHANGE MASTER @channel TO MASTER_HOST = @host, MASTER_PORT = @port, MASTER_USER = @user, MASTER_PASSWORD = @password,
          MASTER_CONNECT_RETRY = 1, MASTER_USE_GTID = slave_pos;
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
        cancel);

    public Task StartChannelAsync(string channel, CancellationToken cancel) => ExecuteAsync("START SLAVE @channel", new { channel }, cancel);

    public Task SetReadOnlyAsync(bool readOnly, CancellationToken cancel) => ExecuteAsync("SET GLOBAL read_only = @readOnly", new { readOnly }, cancel);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string ConnectionString(string name, DatabaseAuthorityOptions options) => new MySqlConnectionStringBuilder
    {
        Server = options.Addresses.TryGetValue(name, out var address) ? address.Host : name,
        Port = (uint)(address?.Port ?? options.Port),
        UserID = options.User,
        Password = SecretFile.Read(options.PasswordFile),
        // One connection that stays open is all that a look each second needs; the second is for acting meanwhile.
        MaximumPoolSize = 2,
        ConnectionTimeout = (uint)Math.Ceiling(options.Timeout.TotalSeconds),
        // A server that hangs would not answer the request to cancel either.
        CancellationTimeout = -1,
        ApplicationName = "wpfarm-orchestrator",
    }.ConnectionString;

    private Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancel) => WithConnection(
        (connection, limit) => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: limit)),
        cancel);

    private async Task<T> WithConnection<T>(Func<MySqlConnection, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            await using var connection = await _source.OpenConnectionAsync(both.Token);
            return await work(connection, both.Token);
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
    }
}
